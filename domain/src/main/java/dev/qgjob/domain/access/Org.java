package dev.qgjob.domain.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant.
 *
 * @param weight its part of the slots relative to the others'; 0: only what nobody else wants
 * @param cap how many of its jobs may run at once on each target, or null for any number
 * @param browserStackMinutes what its jobs may use of BrowserStack in a calendar month of UTC, or
 *     null for any number
 */
public record Org(
    String id,
    String name,
    Instant createdAt,
    double weight,
    @Nullable Integer cap,
    @Nullable Integer browserStackMinutes) {
  /** An org like any other. */
  public Org(String id, String name, Instant createdAt) {
    this(id, name, createdAt, 1, null, null);
  }
}
