package dev.qgjob.domain.fleet;

import java.time.Instant;

/**
 * Somebody has a slot to themselves: it finishes what it took, and gets nothing more until then.
 *
 * @param reason one line that people are shown
 * @param by id of the token that it was asked for with
 */
public record Hold(String slotId, Instant until, String reason, String by) {}
