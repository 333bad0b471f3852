package dev.qgjob.domain.placement;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * What an org may use of BrowserStack in a calendar month of UTC. What its jobs that run now will
 * come to is not in it.
 *
 * @param most minutes, from 0
 * @param used set-up and run time of the attempts that have ended this month and were booked
 * @param resetsAt when the next month begins
 */
public record Minutes(int most, Duration used, Instant resetsAt) {
  /** Nothing more of the org's is to begin there this month. */
  public boolean spent() {
    return used.compareTo(Duration.ofMinutes(most)) >= 0;
  }

  /** The month that a moment is in. */
  public static YearMonth monthOf(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC));
  }

  /** When the month after that of a moment begins. */
  public static Instant resetAfter(Instant at) {
    return monthOf(at).plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
