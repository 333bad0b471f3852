/**
 * The worker's right to run: one beat renews all leases, and a lease that cannot be proven any more
 * stops its run.
 *
 * <p>The room promises that no run outlives its lease by more than one check of the clock, reckoned
 * on the monotonic clock from before the last request that the server answered. It needs no clock
 * that agrees with anybody else's.
 */
@NullMarked
package dev.qgjob.worker.lease;

import org.jspecify.annotations.NullMarked;
