package dev.qgjob.protocol.message;

import org.jspecify.annotations.Nullable;

/**
 * A job was released to a queue.
 *
 * @param slotId on a worker's own queue: the slot that it is for
 */
public record JobMessage(String jobId, long generation, @Nullable String slotId) {}
