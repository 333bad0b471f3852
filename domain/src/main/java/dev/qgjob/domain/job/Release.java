package dev.qgjob.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The current dispatch of a queued job.
 *
 * @param generation the generation that was sent
 * @param slotId the slot it was handed to, or null on the target's shared queue
 * @param at when, by the database's clock
 * @param notedSlotId the slot that last reported the message in its inbox, or null: a note, not a
 *     right
 * @param notedAt when it was last reported
 */
public record Release(
    long generation,
    @Nullable String slotId,
    Instant at,
    @Nullable String notedSlotId,
    @Nullable Instant notedAt) {}
