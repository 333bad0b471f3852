/**
 * BrowserStack's side of a run: the app goes up once per digest and account.
 *
 * <p>The room promises that credentials are sent to BrowserStack only, and appear in no message.
 */
@NullMarked
package dev.qgjob.worker.browserstack;

import org.jspecify.annotations.NullMarked;
