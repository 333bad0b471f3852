package dev.qgjob.domain.job;

import java.time.Instant;

/**
 * A slot's right to a job's attempt.
 *
 * @param token chosen by the worker; whoever shows it holds the lease
 * @param incarnation the start of the worker that claimed
 * @param until by the database's clock
 */
public record Lease(
    String token, String slotId, String workerId, long incarnation, Instant until) {}
