package dev.qgjob.simfarm;

import dev.qgjob.simfarm.control.FarmReport;
import dev.qgjob.simfarm.control.PhoneReport;
import dev.qgjob.simfarm.device.SimulatedPhone;
import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.phone.PhoneIdentity;
import dev.qgjob.simfarm.phone.PhoneKind;
import dev.qgjob.simfarm.screen.Screens;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Some phones on one host, with the threads and the scratch folder that they share. Thread-safe.
 */
public final class Farm implements Closeable {
  private static final int TRIES = 20;

  private final Path scratch;
  private final ExecutorService executor = Executors.newCachedThreadPool(named("phone"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("timer"));
  private final List<SimulatedPhone> phones = new ArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private Farm(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * What a farm is to be.
   *
   * @param phones how many
   * @param basePort port of the first phone, the next ones on every second port after it; 0 for any
   *     free ones
   * @param installTime how long installing an app takes
   */
  public record Plan(
      int phones, int basePort, PhoneKind kind, Duration installTime, Screens screens) {
    /** Checks that the ports can be. */
    public Plan {
      if (phones < 1 || phones > 200) {
        throw new IllegalArgumentException("a farm has 1 to 200 phones, not " + phones);
      }
      if (basePort < 0 || basePort + 2 * (phones - 1) > 65_535) {
        throw new IllegalArgumentException(
            "there are not enough ports from " + basePort + " for " + phones + " phones");
      }
    }
  }

  /**
   * Builds the phones and opens their ports; on a failure nothing stays open.
   *
   * @throws BindException if a port is taken; the message names it
   */
  public static Farm open(Plan plan) throws IOException {
    Farm farm = new Farm(Files.createTempDirectory("simfarm-"));
    try {
      for (int number = 1; number <= plan.phones(); number++) {
        farm.add(plan, number);
      }
      return farm;
    } catch (IOException | RuntimeException e) {
      farm.close();
      throw e;
    }
  }

  /** The phones in order. */
  public List<SimulatedPhone> phones() {
    return List.copyOf(phones);
  }

  /** The counts and packages of all phones as they are now. */
  public FarmReport report() {
    return FarmReport.of(phones().stream().map(PhoneReport::of).toList());
  }

  /** Has the action run after every change of a phone's counts or packages. */
  public void onChange(Runnable action) {
    listeners.add(action);
  }

  /** A folder for whatever serves the farm's visitors; it goes with the farm. */
  Path scratch() {
    return scratch;
  }

  /** Threads for whatever serves the farm's visitors. */
  public ExecutorService executor() {
    return executor;
  }

  @Override
  public void close() {
    phones.forEach(SimulatedPhone::close);
    timer.shutdownNow();
    executor.shutdownNow();
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Plan plan, int number) throws IOException {
    if (plan.basePort() > 0) {
      phones.add(open(plan, number, plan.basePort() + 2 * (number - 1)));
      return;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        phones.add(open(plan, number, freePort()));
        return;
      } catch (BindException e) {
        // somebody else took the port between finding and opening it
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private SimulatedPhone open(Plan plan, int number, int port) throws IOException {
    Path folder = Files.createTempDirectory(scratch, "phone-" + number + "-");
    Phone phone =
        new Phone(
            new PhoneIdentity(port, number, plan.kind()),
            plan.screens(),
            folder,
            plan.installTime(),
            InstantSource.system(),
            timer,
            () -> listeners.forEach(Runnable::run));
    SimulatedPhone simulated = new SimulatedPhone(phone, executor);
    simulated.open();
    return simulated;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static ThreadFactory named(String name) {
    AtomicInteger next = new AtomicInteger(1);
    return task -> {
      Thread thread = new Thread(task, name + "-" + next.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }
}
