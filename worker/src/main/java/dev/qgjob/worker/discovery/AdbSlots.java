package dev.qgjob.worker.discovery;

import dev.qgjob.protocol.Target;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phones that adb sees, told as they come and go. A phone counts from when adb calls it {@code
 * device}, Android has come up and it has answered what it is; one that is seen and cannot work is
 * told with the reason ({@link Found#UNAVAILABLE}). When the adb server ends, no phone counts until
 * it is back, and it is started anew where the adb program is at hand.
 */
public final class AdbSlots implements SlotSource {
  private static final Logger log = LoggerFactory.getLogger(AdbSlots.class);
  private static final Duration FIRST_LIST = Duration.ofSeconds(15);

  /** Why a phone is away that works for another worker. */
  public static final String ANOTHERS = "another worker on this host has it";

  /** Why a phone is away that is this worker's and whose way adb may build anew. */
  public static final String OFFLINE =
      "offline: it does not answer adb; plug it in again or restart it";

  private final AdbServer server;
  private final Optional<AdbTool> tool;
  private final Wanted wanted;
  private final Duration retry;
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);

  // used by the tracker's thread only
  private final Map<String, Found> known = new LinkedHashMap<>();
  private final Map<String, Target> kinds = new HashMap<>();
  private final Map<String, String> told = new HashMap<>();

  private volatile @Nullable Socket connection;
  private final PhoneLocks locks;
  private @Nullable Thread thread;

  /**
   * @param tool starts the server when none listens; without it one is waited for
   * @param retry pause before the server is looked for again
   * @param locks folder that all workers of this host share: a phone is one worker's
   */
  public AdbSlots(
      AdbServer server, Optional<AdbTool> tool, Wanted wanted, Duration retry, Path locks) {
    this.server = server;
    this.tool = tool;
    this.wanted = wanted;
    this.retry = retry;
    this.locks = new PhoneLocks(locks);
  }

  /** Returns after the first list, or when adb has none to give within 15 seconds. */
  @Override
  public void start(Consumer<List<Found>> changed) {
    Thread tracker = new Thread(() -> follow(changed), "adb");
    tracker.setDaemon(true);
    thread = tracker;
    tracker.start();
    try {
      if (!first.await(FIRST_LIST.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("adb at port {} has told of no phones yet", server.port());
        // the contract: told once before this returns; adb's list follows
        changed.accept(List.of());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(Consumer<List<Found>> changed) {
    try (locks) {
      followWhileOpen(changed);
    }
  }

  private void followWhileOpen(Consumer<List<Found>> changed) {
    boolean told = false;
    while (closing.getCount() > 0) {
      try {
        server.track(socket -> connection = socket, states -> update(states, changed));
      } catch (IOException | RuntimeException e) {
        if (closing.getCount() == 0) {
          return;
        }
        if (!told || !known.isEmpty()) {
          log.warn("adb at port {}: {}", server.port(), e.getMessage());
          told = true;
        }
        boolean unused = update(Map.of(), changed);
        told = !startServer() || told;
      }
    }
  }

  /** Starts the server and waits a moment; true if it was started. */
  private boolean startServer() {
    try {
      if (tool.isPresent()) {
        tool.get().startServer();
      }
      return !closing.await(retry.toMillis(), TimeUnit.MILLISECONDS) && tool.isPresent();
    } catch (IOException e) {
      log.warn("adb: {}", e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
      return false;
    }
  }

  /**
   * Returns whether a phone could not be taken, so that a later look may. One that is lost stays
   * taken: it may be back in a moment, and what runs on it here goes on for a while.
   */
  private boolean update(Map<String, String> states, Consumer<List<Found>> changed) {
    boolean again = false;
    for (String serial : List.copyOf(known.keySet())) {
      if (!"device".equals(states.get(serial))) {
        known.remove(serial);
      }
    }
    Map<String, String> unready = new LinkedHashMap<>();
    for (Map.Entry<String, String> one : states.entrySet()) {
      String serial = one.getKey();
      if (!one.getValue().equals("device")) {
        String reason = owned(serial, reason(one.getValue()));
        unready.put(serial, reason);
        again |= reason.equals(ANOTHERS);
      } else if (!known.containsKey(serial)) {
        describe(serial, unready).ifPresent(phone -> known.put(serial, phone));
        again |= !known.containsKey(serial);
      }
    }
    List<Found> slots = new ArrayList<>();
    known.values().forEach(phone -> wanted.offer(phone).ifPresent(slots::add));
    unready.forEach(
        (serial, reason) -> {
          if (!reason.equals(told.get(serial))) {
            log.warn("phone {}: {}", serial, reason);
          }
          unavailable(serial, reason).flatMap(wanted::offer).ifPresent(slots::add);
        });
    told.clear();
    told.putAll(unready);
    changed.accept(slots);
    first.countDown();
    return again;
  }

  /** What adb's word for a phone's state means for people. */
  static String reason(String state) {
    if (state.startsWith("unauthorized")) {
      return "unauthorized: accept this computer's key on its screen";
    }
    if (state.startsWith("no permissions")) {
      return "no permissions: this user may not open the USB device; add a udev rule or its group";
    }
    return switch (state) {
      case "offline" -> OFFLINE;
      case "connecting", "authorizing" -> state + ": adb is still at it";
      case "bootloader", "recovery", "sideload", "rescue" ->
          state + ": it has not started Android; adb reboot brings it there";
      default -> "adb calls it '" + state + "'";
    };
  }

  /** One that is offline is taken, for one worker alone is to bring it back. */
  private String owned(String serial, String reason) {
    if (!reason.equals(OFFLINE) || unavailable(serial, reason).flatMap(wanted::offer).isEmpty()) {
      return reason;
    }
    try {
      return locks.take(serial) ? reason : ANOTHERS;
    } catch (IOException e) {
      return "offline, and its lock cannot be taken: " + e.getMessage();
    }
  }

  /** Empty for a serial that no slot can have. */
  private Optional<Found> unavailable(String serial, String reason) {
    Target target =
        kinds.getOrDefault(
            serial, serial.startsWith("emulator-") ? Target.EMULATOR : Target.DEVICE);
    try {
      return Optional.of(Found.unavailable(target, serial, reason));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<Found> describe(String serial, Map<String, String> unready) {
    try {
      PhoneProperties phone = PhoneProperties.parse(server.shell(serial, PhoneProperties.QUESTION));
      Target target =
          serial.startsWith("emulator-") || phone.emulator() ? Target.EMULATOR : Target.DEVICE;
      Map<String, String> capabilities = phone.capabilities();
      kinds.put(serial, target);
      if (!phone.booted()) {
        unready.put(serial, "it is still starting");
        return Optional.empty();
      }
      log.info("{} {}: {}", target, serial, capabilities.getOrDefault("model", "unknown model"));
      Found found = new Found(target, serial, capabilities);
      // a phone that this worker would not offer is left to others
      if (wanted.offer(found).isEmpty()) {
        locks.release(serial);
      } else if (!locks.take(serial)) {
        unready.put(serial, ANOTHERS);
        return Optional.empty();
      }
      return Optional.of(found);
    } catch (IOException | IllegalArgumentException e) {
      unready.put(serial, "it does not say what it is: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    Socket open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.debug("closing adb's socket: {}", e.getMessage());
      }
    }
    Thread tracker = thread;
    if (tracker != null) {
      tracker.interrupt();
    }
  }
}
