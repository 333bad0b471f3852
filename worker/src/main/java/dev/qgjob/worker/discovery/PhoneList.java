package dev.qgjob.worker.discovery;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What adb sees at one moment. */
public final class PhoneList {
  private PhoneList() {}

  /**
   * Serials and states, in adb's words.
   *
   * @throws IllegalArgumentException with one line for people when no adb server answers
   */
  public static Map<String, String> all(AdbServer adb) {
    try {
      return adb.devices();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "no adb server answers at port "
              + adb.port()
              + " ("
              + e.getMessage()
              + "); start one with: adb start-server",
          e);
    }
  }

  /** What adb's word for a phone's state means for people. */
  public static String reason(String state) {
    return AdbSlots.reason(state);
  }

  /** Serials of the phones that can be talked to. */
  public static List<String> ready(AdbServer adb) {
    return all(adb).entrySet().stream()
        .filter(one -> one.getValue().equals("device"))
        .map(Map.Entry::getKey)
        .toList();
  }
}
