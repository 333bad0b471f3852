/** What became of the work, read in a handful of queries however long the run is. */
@NullMarked
package dev.qgjob.scheduler.report;

import org.jspecify.annotations.NullMarked;
