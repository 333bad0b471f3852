/** Waiting for a run, through outages, and what its end means for a pipeline. */
@NullMarked
package dev.qgjob.cli.watch;

import org.jspecify.annotations.NullMarked;
