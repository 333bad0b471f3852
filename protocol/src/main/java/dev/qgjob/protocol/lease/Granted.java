package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** What a claim brought: the job asked for, and maybe more of its group. */
public record Granted(long leaseMs, List<Grant> grants) {
  public Granted {
    grants = Wire.orEmpty(grants);
  }
}
