package dev.qgjob.protocol.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant.
 *
 * @param weight its part of the slots relative to the others'; 0: only what nobody else wants
 * @param cap how many of its jobs may run at once on each target, or null for any number
 * @param browserstackMinutes what its jobs may use of BrowserStack in a calendar month of UTC, or
 *     null for any number
 */
public record OrgView(
    String orgId,
    String name,
    Instant createdAt,
    double weight,
    @Nullable Integer cap,
    @Nullable Integer browserstackMinutes) {}
