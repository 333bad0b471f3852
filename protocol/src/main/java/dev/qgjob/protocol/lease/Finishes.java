package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** Ends of several attempts, told at once: at most {@link #MOST}, each job once. */
public record Finishes(List<JobFinish> finishes) {
  /** How many one request may tell. */
  public static final int MOST = 100;

  public Finishes {
    finishes = Wire.orEmpty(finishes);
  }
}
