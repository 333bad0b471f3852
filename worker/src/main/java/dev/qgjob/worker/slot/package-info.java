/**
 * A slot's work: from a message over the claim to the report.
 *
 * <p>The room promises that a slot claims only when it is idle, that a message is kept until its
 * claim has a clear answer and is not held while a test runs, that every granted job is either
 * reported under its lease or given up because the lease is gone, and that an idle slot costs no
 * thread.
 */
@NullMarked
package dev.qgjob.worker.slot;

import org.jspecify.annotations.NullMarked;
