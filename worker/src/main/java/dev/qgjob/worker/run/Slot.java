package dev.qgjob.worker.run;

import dev.qgjob.protocol.Target;
import java.util.Objects;

/**
 * What runs one batch at a time.
 *
 * @param id stable id: worker name + target + udid
 * @param udid serial that adb knows the phone by; for BrowserStack the number of the parallel
 */
public record Slot(String id, Target target, String udid) {
  public Slot {
    Objects.requireNonNull(id);
    Objects.requireNonNull(target);
    if (udid.isEmpty() || udid.startsWith("-")) {
      throw new IllegalArgumentException("not a udid: " + udid);
    }
  }
}
