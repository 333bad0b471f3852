/**
 * Jobs and their attempts as rows. A move is one guarded update, and the count of rows is the
 * referee: two servers that decide at once cannot both win.
 */
@NullMarked
package dev.qgjob.scheduler.job;

import org.jspecify.annotations.NullMarked;
