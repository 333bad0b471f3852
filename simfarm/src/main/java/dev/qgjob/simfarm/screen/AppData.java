package dev.qgjob.simfarm.screen;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an app keeps on the phone between launches, until its data is cleared or it is uninstalled.
 * Not thread-safe: guarded by its phone.
 */
public final class AppData {
  private final Map<String, String> values = new HashMap<>();

  /** What was kept under the key. */
  Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Keeps a value. */
  void put(String key, String value) {
    values.put(key, value);
  }

  /** Forgets everything. */
  public void clear() {
    values.clear();
  }
}
