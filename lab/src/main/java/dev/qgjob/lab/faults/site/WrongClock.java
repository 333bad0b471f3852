package dev.qgjob.lab.faults.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A wall clock that is off, for a process that is started under it: libfaketime, where the machine
 * has it. The monotonic clock stays what it is, as it does on a real machine.
 */
public final class WrongClock {
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));

  private final Map<String, String> environment;

  private WrongClock(Map<String, String> environment) {
    this.environment = environment;
  }

  /** No fault: the machine's clock. */
  public static WrongClock right() {
    return new WrongClock(Map.of());
  }

  /** A clock that is off by so much; empty where there is no libfaketime. */
  public static Optional<WrongClock> off(Duration by) {
    return PLACES.stream()
        .filter(Files::exists)
        .findFirst()
        .map(
            library ->
                new WrongClock(
                    Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME",
                        (by.isNegative() ? "" : "+") + by.toSeconds() + "s",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1",
                        // else every timed wait of the JVM returns at once, and it spins
                        "FAKETIME_FORCE_MONOTONIC_FIX",
                        "0")));
  }

  /** What a process needs in its environment. */
  public Map<String, String> environment() {
    return environment;
  }
}
