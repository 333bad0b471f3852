/**
 * Running AppWright: real, unmodified, on the phone that was chosen, with the app left on it.
 *
 * <p>The room promises that a verdict is read from what Playwright reported test by test, never
 * from an exit code; that a spec in which nothing was executed is no pass; and that an AppWright of
 * an unknown shape ends the run instead of installing for every test.
 */
@NullMarked
package dev.qgjob.worker.appwright;

import org.jspecify.annotations.NullMarked;
