package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** The answer to a beat. {@code drain}: take no new work. */
public record BeatAnswer(List<LeaseAnswer> leases, boolean drain) {
  public BeatAnswer {
    leases = Wire.orEmpty(leases);
  }
}
