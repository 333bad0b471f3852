package dev.qgjob.worker.discovery;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.Map;
import java.util.TreeMap;

/**
 * A slot that this host can offer.
 *
 * @param udid serial that adb knows the phone by; at BrowserStack the number of the parallel
 * @param capabilities model, os_version, api_level, abis and the like, as far as known; {@link
 *     #UNAVAILABLE} where the phone is seen and cannot work
 */
public record Found(Target target, String udid, Map<String, String> capabilities) {
  /** The capability that says why a slot takes no job. */
  public static final String UNAVAILABLE = "unavailable";

  public Found {
    if (udid.isEmpty() || udid.startsWith("-") || !udid.matches("[\\x21-\\x7e]{1,128}")) {
      throw new IllegalArgumentException("'" + udid + "' is not a udid");
    }
    capabilities = Map.copyOf(new TreeMap<>(capabilities));
  }

  /** A phone that is shown with a reason and takes no job. */
  static Found unavailable(Target target, String udid, String reason) {
    return new Found(target, udid, Map.of(UNAVAILABLE, reason));
  }

  /** Whether it takes no job. */
  public boolean withheld() {
    return capabilities.containsKey(UNAVAILABLE);
  }

  /** The slot's id: stable, since name, target and serial are. */
  public String slotId(String workerName) {
    return workerName + ":" + Wire.name(target) + ":" + udid;
  }
}
