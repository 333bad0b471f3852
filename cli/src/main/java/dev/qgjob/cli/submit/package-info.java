/**
 * From a command line to a run on the server: which specs, which target, which app. Everything that
 * can be refused here is refused before a byte is uploaded.
 */
@NullMarked
package dev.qgjob.cli.submit;

import org.jspecify.annotations.NullMarked;
