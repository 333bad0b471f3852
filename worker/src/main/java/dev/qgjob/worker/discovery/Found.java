package dev.qgjob.worker.discovery;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.Map;
import java.util.TreeMap;

/**
 * A slot that this host can offer.
 *
 * @param udid serial that adb knows the phone by; at BrowserStack the number of the parallel
 * @param capabilities model, os_version, api_level, abi, as far as known
 */
public record Found(Target target, String udid, Map<String, String> capabilities) {
  public Found {
    if (udid.isEmpty() || udid.startsWith("-") || !udid.matches("[\\x21-\\x7e]{1,128}")) {
      throw new IllegalArgumentException("'" + udid + "' is not a udid");
    }
    capabilities = Map.copyOf(new TreeMap<>(capabilities));
  }

  /** The slot's id: stable, since name, target and serial are. */
  public String slotId(String workerName) {
    return workerName + ":" + Wire.name(target) + ":" + udid;
  }
}
