/**
 * What happened in one run of the fault matrix, a line of JSON each: every call with its outcome,
 * every fault, every start and end of a job.
 *
 * <p>The room promises one time line: all times are those of the machine's monotonic clock, laid on
 * the wall clock once at the beginning, so that no step of a clock and no clock that is wrong
 * changes an order.
 */
@NullMarked
package dev.qgjob.lab.faults.history;

import org.jspecify.annotations.NullMarked;
