package dev.qgjob.worker.avd;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.AdbTool;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.link.Backoff;
import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.process.ProcessListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One virtual device that is kept running. {@link #run} belongs to a thread of its own. */
final class VirtualDevice implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(VirtualDevice.class);

  /** How the emulator marks what it dies of. */
  private static final Pattern BAD = Pattern.compile("\\b(?:ERROR|FATAL|PANIC)\\b\\s*[|:]?\\s*");

  private static final int LONGEST_REASON = 200;

  private final String name;
  private final Emulator emulator;
  private final AdbTool adb;
  private final Children children;
  private final ConsolePorts ports;
  private final Path log;
  private final Pace pace;
  private final Backoff backoff;
  private final Runnable changed;

  // guarded by this
  private OptionalInt port = OptionalInt.empty();
  private String reason = "it was not started yet";
  private boolean running;
  private boolean seen;
  private boolean up;
  private boolean closing;
  private @Nullable Exit exit;

  /**
   * @param log file that gets the emulator's output, anew at each start
   * @param changed called when the slot is another than before
   */
  VirtualDevice(
      String name,
      Emulator emulator,
      AdbTool adb,
      Children children,
      ConsolePorts ports,
      Path log,
      Pace pace,
      RandomGenerator random,
      Runnable changed) {
    this.name = name;
    this.emulator = emulator;
    this.adb = adb;
    this.children = children;
    this.ports = ports;
    this.log = log;
    this.pace = pace;
    this.backoff = new Backoff(pace.first(), pace.longest(), random);
    this.changed = changed;
  }

  /** What adb calls it, once it was started. */
  synchronized Optional<String> serial() {
    return port.isPresent() ? Optional.of("emulator-" + port.getAsInt()) : Optional.empty();
  }

  /**
   * Its slot, made of what adb sees under its serial; empty before its first start, when it has no
   * serial.
   */
  synchronized Optional<Found> slot(Optional<Found> atAdb) {
    return serial().map(serial -> slot(serial, atAdb));
  }

  private Found slot(String serial, Optional<Found> atAdb) {
    Map<String, String> capabilities = new HashMap<>();
    atAdb.ifPresent(found -> capabilities.putAll(found.capabilities()));
    capabilities.put("avd", name);
    if (!running) {
      capabilities.put(Found.UNAVAILABLE, "AVD " + name + ": " + reason);
    } else if (!up) {
      // adb calls it offline meanwhile, which would be alarming
      capabilities.put(Found.UNAVAILABLE, "AVD " + name + ": it is still starting");
    } else if (atAdb.isEmpty()) {
      capabilities.put(Found.UNAVAILABLE, "AVD " + name + ": adb does not see it");
    }
    return new Found(Target.EMULATOR, serial, capabilities);
  }

  /** Whether adb sees it as a phone that has come up. */
  synchronized void seen(boolean now) {
    if (seen != now) {
      seen = now;
      up |= now && running;
      notifyAll();
    }
  }

  /** Has {@link #run} end, and the emulator before it. */
  synchronized void close() {
    closing = true;
    notifyAll();
  }

  @Override
  public void run() {
    try {
      while (!isClosing()) {
        String why = live();
        if (isClosing()) {
          return;
        }
        Duration pause = backoff.next();
        tell(why + "; started again in " + Math.max(1, pause.toSeconds()) + " s");
        LOG.warn("AVD {}: {}", name, reason());
        awaitClosing(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From a start to its end; why it ended. */
  private String live() throws InterruptedException {
    OptionalInt own = ports.take(before());
    if (own.isEmpty()) {
      return "no two neighbouring ports from 5554 to 5683 are free";
    }
    try {
      begin(own);
      long began = System.nanoTime();
      Child child =
          emulator.start(
              children,
              name,
              own.getAsInt(),
              log,
              new ProcessListener() {
                @Override
                public void onExit(Exit how) {
                  ended(how);
                }
              });
      try {
        LOG.info("AVD {}: starts as emulator-{}", name, own.getAsInt());
        changed.run();
        String why = keep();
        changed.run();
        return hasEnded() ? died(child, Duration.ofNanos(System.nanoTime() - began)) : why;
      } finally {
        stop(child, own.getAsInt());
      }
    } catch (IOException e) {
      return "it cannot be started: " + e.getMessage();
    }
  }

  private synchronized OptionalInt before() {
    return port;
  }

  private synchronized void begin(OptionalInt own) {
    port = own;
    running = true;
    seen = false;
    up = false;
    exit = null;
  }

  private synchronized void ended(Exit how) {
    exit = how;
    running = false;
    reason = "its emulator died";
    notifyAll();
  }

  /** Returns when the emulator has ended, should end, or adb has not seen it for too long. */
  private synchronized String keep() throws InterruptedException {
    boolean was = false;
    long since = System.nanoTime();
    while (exit == null && !closing) {
      long now = System.nanoTime();
      if (seen != was) {
        was = seen;
        since = now;
      }
      Duration most = seen ? pace.settled() : pace.boot();
      long left = most.toNanos() - (now - since);
      if (left > 0) {
        wait(left / 1_000_000 + 1);
      } else if (seen) {
        backoff.reset();
        since = now;
      } else {
        running = false;
        reason = "adb did not see it come up within " + most.toSeconds() + " s";
        return reason;
      }
    }
    return "it was ended";
  }

  private String died(Child child, Duration after) {
    String word = lastWord(child);
    return "its emulator died after "
        + after.toSeconds()
        + " s ("
        + status()
        + ")"
        + (word.isEmpty() ? "" : ": " + word);
  }

  private synchronized String status() {
    if (exit instanceof Exit.Ended ended) {
      return "exit code " + ended.status();
    }
    return exit instanceof Exit.NotStarted failed ? failed.message() : "killed";
  }

  private synchronized boolean hasEnded() {
    return exit != null;
  }

  /** The last line that is marked as bad, else the last one. */
  private static String lastWord(Child child) {
    String word = child.log().lastLine();
    for (String line : child.log().lastLines()) {
      if (BAD.matcher(line).find()) {
        word = BAD.split(line, 2)[1];
      }
    }
    return word.length() > LONGEST_REASON ? word.substring(0, LONGEST_REASON) : word.strip();
  }

  /** By its console, as a person would; then by force. */
  private void stop(Child child, int console) throws InterruptedException {
    try {
      if (!hasEnded()) {
        adb.killEmulator("emulator-" + console);
        awaitExit(pace.farewell());
      }
    } catch (IOException e) {
      LOG.debug("AVD {}: {}", name, e.getMessage());
    } finally {
      child.kill();
    }
    LOG.info("AVD {}: ended", name);
  }

  private synchronized void awaitExit(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); exit == null && left > 0; left = end - System.nanoTime()) {
      wait(left / 1_000_000 + 1);
    }
  }

  private synchronized void awaitClosing(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); !closing && left > 0; left = end - System.nanoTime()) {
      wait(left / 1_000_000 + 1);
    }
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private synchronized String reason() {
    return reason;
  }

  private void tell(String why) {
    synchronized (this) {
      running = false;
      reason = why;
    }
    changed.run();
  }
}
