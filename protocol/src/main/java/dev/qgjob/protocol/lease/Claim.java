package dev.qgjob.protocol.lease;

/**
 * A free slot asks for a job it was sent.
 *
 * @param token chosen by the worker, 16 to 64 characters: the same token gets the same grant again
 * @param most how many jobs of the group it would take at once, from 1
 * @param shared the message came over the target's shared queue, not the worker's own
 */
public record Claim(
    long incarnation,
    String slotId,
    String jobId,
    long generation,
    String token,
    int most,
    boolean shared) {}
