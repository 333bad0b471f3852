/**
 * What AppWright looks like from outside: which shapes of it the worker's adapter can make keep an
 * app installed.
 *
 * <p>The room promises to judge by what a package's files hold, not by its version, and to run none
 * of its code.
 */
@NullMarked
package dev.qgjob.client.appwright;

import org.jspecify.annotations.NullMarked;
