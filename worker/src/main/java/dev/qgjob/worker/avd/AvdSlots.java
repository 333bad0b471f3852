package dev.qgjob.worker.avd;

import dev.qgjob.worker.discovery.AdbSlots;
import dev.qgjob.worker.discovery.AdbTool;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.process.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phones that adb sees, with virtual devices among them that this worker starts, keeps running
 * and ends. Of these the ones that are not there are told too, with what is wrong.
 */
public final class AvdSlots implements SlotSource {
  private static final Logger log = LoggerFactory.getLogger(AvdSlots.class);

  /** The first port that the emulator takes for its console; adb finds it and some more alone. */
  public static final int FIRST_PORT = 5554;

  private final List<VirtualDevice> devices;
  private final SlotSource phones;
  private final Pace pace;
  private final ExecutorService threads = Executors.newCachedThreadPool(AvdSlots::thread);

  // guarded by this
  private List<Found> seen = List.of();
  private Consumer<List<Found>> changed = slots -> {};

  /**
   * @param names of the virtual devices; each is known to {@code emulator}
   * @param children whose processes end with this one
   * @param logs folder for the emulators' output
   * @param firstPort of the consoles, {@link #FIRST_PORT} where nothing speaks against it
   * @param phones makes the source of what adb sees; told the serials that are offered in any case
   */
  public AvdSlots(
      List<String> names,
      Emulator emulator,
      AdbTool adb,
      Children children,
      Path logs,
      int firstPort,
      Pace pace,
      Function<Predicate<String>, SlotSource> phones) {
    this.pace = pace;
    ConsolePorts ports = new ConsolePorts(firstPort);
    this.devices =
        names.stream()
            .map(
                name ->
                    new VirtualDevice(
                        name,
                        emulator,
                        adb,
                        children,
                        ports,
                        logs.resolve(name + ".log"),
                        pace,
                        RandomGenerator.getDefault(),
                        this::tell))
            .toList();
    this.phones = phones.apply(this::isOurs);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "avd");
    thread.setDaemon(true);
    return thread;
  }

  private boolean isOurs(String serial) {
    return devices.stream().anyMatch(one -> one.serial().filter(serial::equals).isPresent());
  }

  @Override
  public void start(Consumer<List<Found>> changed) {
    phones.start(
        slots -> {
          synchronized (this) {
            this.changed = changed;
            seen = List.copyOf(slots);
          }
          tell();
        });
    devices.forEach(threads::execute);
  }

  private synchronized void tell() {
    Map<String, Found> bySerial =
        seen.stream().collect(Collectors.toMap(Found::udid, one -> one, (one, same) -> one));
    List<Found> all = new ArrayList<>(seen);
    for (VirtualDevice device : devices) {
      Optional<Found> atAdb = device.serial().map(bySerial::get);
      device.seen(atAdb.filter(AvdSlots::isUp).isPresent());
      all.removeIf(one -> device.serial().filter(one.udid()::equals).isPresent());
      device.slot(atAdb).ifPresent(all::add);
    }
    changed.accept(all);
  }

  /** One that another worker got hold of is up, and of no use to start again. */
  private static boolean isUp(Found found) {
    return !found.withheld()
        || AdbSlots.ANOTHERS.equals(found.capabilities().get(Found.UNAVAILABLE));
  }

  /** Returns when the emulators have ended. */
  @Override
  public void close() {
    phones.close();
    devices.forEach(VirtualDevice::close);
    threads.shutdown();
    Duration most = pace.farewell().plusSeconds(10);
    try {
      if (!threads.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("an emulator does not end; it is killed with this process");
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
