package dev.qgjob.domain.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when it is told to. */
public final class SettableClock implements InstantSource {
  private Instant now = Instant.parse("2026-03-01T09:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Moves on. */
  public synchronized void tick(Duration by) {
    now = now.plus(by);
  }
}
