/**
 * A run as GitHub Actions shows it: step summary, annotations, outputs. Whatever comes from specs
 * and servers is text there and never a command to the runner.
 */
@NullMarked
package dev.qgjob.cli.github;

import org.jspecify.annotations.NullMarked;
