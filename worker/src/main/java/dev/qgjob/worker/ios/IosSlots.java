package dev.qgjob.worker.ios;

import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.discovery.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
 * iOS simulators and phones, each with the reason why it takes no job.
 *
 * <p>They are asked for again and again: simctl has no stream of changes, and xcdevice's tells of a
 * phone that is plugged in but neither of simulators nor of pairing and locks.
 */
public final class IosSlots implements SlotSource {
  private static final Logger log = LoggerFactory.getLogger(IosSlots.class);
  private static final Duration FIRST_LIST = Duration.ofSeconds(15);

  /** Between two looks: what is shown may be so old, and a look costs the Mac about a second. */
  public static final Duration PAUSE = Duration.ofSeconds(15);

  private interface Look {
    List<Found> now() throws IOException;
  }

  private final Xcrun xcrun;
  private final Wanted wanted;
  private final Duration pause;
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, String> complaints = new HashMap<>();
  private @Nullable Thread thread;

  /**
   * @param pause between two looks
   */
  public IosSlots(Xcrun xcrun, Wanted wanted, Duration pause) {
    this.xcrun = xcrun;
    this.wanted = wanted;
    this.pause = pause;
  }

  /** Returns after the first look, or when that took 15 seconds. */
  @Override
  public void start(Consumer<List<Found>> changed) {
    Thread looking = new Thread(() -> follow(changed), "ios");
    looking.setDaemon(true);
    thread = looking;
    looking.start();
    try {
      if (!first.await(FIRST_LIST.toMillis(), TimeUnit.MILLISECONDS)) {
        changed.accept(List.of());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(Consumer<List<Found>> changed) {
    boolean simctl = xcrun.has("simctl");
    boolean devicectl = xcrun.has("devicectl");
    if (!simctl && !devicectl) {
      log.info("no simctl and no devicectl: without Xcode there is nothing to see of iOS");
    }
    List<Found> told = List.of();
    try {
      do {
        List<Found> now = new ArrayList<>();
        if (simctl) {
          now.addAll(look("simulators", () -> Simulators.parse(xcrun.simulators())));
        }
        if (devicectl) {
          now.addAll(look("phones", () -> CoreDevices.parse(xcrun.devices(), this::locked)));
        }
        if (!now.equals(told) || first.getCount() > 0) {
          changed.accept(now);
          told = now;
        }
        first.countDown();
      } while ((simctl || devicectl) && !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Found> look(String what, Look look) {
    try {
      List<Found> found = look.now();
      complaints.remove(what);
      return found.stream().map(wanted::offer).flatMap(Optional::stream).toList();
    } catch (IOException e) {
      String complaint = String.valueOf(e.getMessage());
      if (closing.getCount() > 0 && !complaint.equals(complaints.put(what, complaint))) {
        log.warn("iOS {}: {}", what, complaint);
      }
      return List.of();
    }
  }

  /** Never judged by what could not be read. */
  private boolean locked(String udid) {
    return xcrun.locked(udid).orElse(false);
  }

  @Override
  public void close() {
    closing.countDown();
    Thread looking = thread;
    if (looking != null) {
      looking.interrupt();
    }
  }
}
