package dev.qgjob.worker.avd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Gives out the ports of emulators' consoles: even ones, each with the next one for adb free too.
 * Thread-safe. Another program may still be quicker; then the emulator says so and is started
 * again.
 */
final class ConsolePorts {
  /** The last one that the emulator takes. */
  private static final int LAST = 5682;

  private final int first;
  private final Set<Integer> taken = new HashSet<>();

  /** Ports from this one on. */
  ConsolePorts(int first) {
    this.first = first;
  }

  /**
   * A port that stays the caller's.
   *
   * @param before one that the caller had, which it gets again unless somebody else is there now,
   *     and gives back otherwise
   */
  synchronized OptionalInt take(OptionalInt before) {
    before.ifPresent(taken::remove);
    OptionalInt port =
        IntStream.concat(
                before.stream(), IntStream.iterate(first, next -> next <= LAST, next -> next + 2))
            .filter(this::usable)
            .findFirst();
    port.ifPresent(taken::add);
    return port;
  }

  private boolean usable(int port) {
    return !taken.contains(port) && free(port) && free(port + 1);
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
