package dev.qgjob.domain.job;

import java.time.Duration;

/**
 * The part of its spec's tests that a job is about.
 *
 * @param number from 1
 * @param of how many parts the spec was divided into; 1: it was not
 */
public record Part(int number, int of) {
  public static final Part WHOLE = new Part(1, 1);

  public Part {
    if (of < 1 || number < 1 || number > of) {
      throw new IllegalArgumentException("part " + number + " of " + of);
    }
  }

  /** The job is about all of its spec. */
  public boolean whole() {
    return of == 1;
  }

  /** What this part is expected to take of the whole spec's time. */
  public Duration share(Duration whole) {
    return whole.dividedBy(of);
  }
}
