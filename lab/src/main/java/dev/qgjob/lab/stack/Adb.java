package dev.qgjob.lab.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An adb server of its own, so that nobody's phones and nobody's adb are touched. */
public final class Adb implements AutoCloseable {
  private final int port;
  private final Path log;

  /** Starts it on a free port. */
  public Adb(Path log) {
    this.port = FreePort.next();
    this.log = log;
    run("start-server");
  }

  /** What a process needs to speak to this server. */
  public Map<String, String> environment() {
    return Map.of("ANDROID_ADB_SERVER_PORT", Integer.toString(port));
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  /** Attaches a phone that listens at host:port. */
  public void connect(String serial) {
    run("connect", serial);
  }

  /** Returns when the phone answers. */
  public void awaitDevice(String serial) {
    run("-s", serial, "wait-for-device");
  }

  private void run(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("adb"));
    command.addAll(List.of(arguments));
    Part part = Part.start("adb", log, Path.of("").toAbsolutePath(), environment(), command);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (part.isAlive() && System.nanoTime() < deadline) {
      Part.pause();
    }
    if (part.isAlive()) {
      part.close();
      throw new IllegalStateException("adb " + String.join(" ", arguments) + " did not end");
    }
  }

  @Override
  public void close() {
    run("kill-server");
  }
}
