/**
 * A run as files that other tools read. What a file says of a run and what qgjob's exit code says
 * never differ: a run that did not pass has a failure or an error in its JUnit file, and one that
 * passed has none.
 */
@NullMarked
package dev.qgjob.cli.report;

import org.jspecify.annotations.NullMarked;
