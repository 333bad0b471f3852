package dev.qgjob.worker;

import static org.awaitility.Awaitility.await;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.health.Admission;
import dev.qgjob.worker.health.Probe;
import dev.qgjob.worker.health.Recovery;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.slot.Begun;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A whole worker but for what runs the tests, against a scripted server and a real broker. */
final class WorkerRig implements AutoCloseable {
  static final Found PHONE_1 = new Found(Target.EMULATOR, "emulator-5554", Map.of("model", "A"));
  static final Found PHONE_2 = new Found(Target.EMULATOR, "emulator-5556", Map.of("model", "B"));
  static final String SLOT_1 = "shelf:emulator:emulator-5554";
  static final String SLOT_2 = "shelf:emulator:emulator-5556";

  /** What the probe finds, by slot. */
  final Map<String, String> ailments = new ConcurrentHashMap<>();

  /** What each phone holds. */
  volatile List<Holding> holds = List.of();

  /** Looks at phones wait for it. */
  volatile CountDownLatch looksMayEnd = new CountDownLatch(0);

  /** How many phones were being looked at, each time that a look began. */
  final List<Integer> looks = new CopyOnWriteArrayList<>();

  private final AtomicInteger looking = new AtomicInteger();

  /** Why what a slot shares with others has no room for it. */
  final Map<String, String> full = new ConcurrentHashMap<>();

  /** Slots that have no work any more, each time. */
  final List<String> left = new CopyOnWriteArrayList<>();

  /** How many batches had begun, each time that leftovers of jobs were looked for. */
  final List<Integer> cleared = new CopyOnWriteArrayList<>();

  /** What was done about phones that were away. */
  final List<String> sought = new CopyOnWriteArrayList<>();

  /** Added to the ward's clock, in nanoseconds. */
  final AtomicLong later = new AtomicLong();

  private final LongSupplier clock = () -> System.nanoTime() + later.get();
  final StubExecutor executor = new StubExecutor();
  final Worker worker;
  private final CompletableFuture<Worker.End> end;

  private final Path notes;

  private volatile Consumer<List<Found>> slots = found -> {};

  WorkerRig(FakeServer server, Path folder, Found... found) {
    this(server, folder, Duration.ofSeconds(20), found);
  }

  WorkerRig(FakeServer server, Path folder, Duration drainTimeout, Found... found) {
    this(server.uri(), folder, drainTimeout, found);
  }

  /** Whose way to the server is {@code api}. */
  WorkerRig(URI api, Path folder, Duration drainTimeout, Found... found) {
    this(api, folder, drainTimeout, WorkerSettings.USUAL_PROGRESS_TIMEOUT, found);
  }

  /** Which ends runs that make no progress for {@code progressTimeout}. */
  WorkerRig(URI api, Path folder, Duration drainTimeout, Duration progressTimeout, Found... found) {
    notes = folder.resolveSibling("begun");
    WorkerSettings settings =
        new WorkerSettings(
            "w1",
            "shelf",
            "the-proof",
            new AtomicLong()::incrementAndGet,
            "test",
            timeout -> new ApiClient(api, "worker-token", timeout),
            Map.of(Target.EMULATOR, executor, Target.DEVICE, executor),
            slot -> holds,
            new Begun(notes),
            folder.toAbsolutePath(),
            8,
            drainTimeout,
            System::nanoTime,
            new Random(1),
            progressTimeout,
            new Ward(
                new Probe() {
                  @Override
                  public Optional<String> ailment(Slot slot) {
                    looks.add(looking.incrementAndGet());
                    awaitEndOfLook();
                    looking.decrementAndGet();
                    return Optional.ofNullable(ailments.get(slot.id()));
                  }

                  @Override
                  public boolean clear(Slot slot) {
                    cleared.add(executor.batches.size());
                    return true;
                  }
                },
                new Recovery() {
                  @Override
                  public void unfit(Slot slot, String ailment, int tries) {
                    // probes alone bring these phones back
                  }

                  @Override
                  public void lost(Slot slot, String how, int step) {
                    sought.add(slot.udid() + " " + step);
                  }

                  @Override
                  public void hostEvent(Set<String> serials) {
                    sought.add(serials.toString());
                  }

                  @Override
                  public void notBack(Set<String> serials) {
                    sought.add("not back " + serials);
                  }
                },
                new Admission() {
                  @Override
                  public Optional<String> enter(Slot slot) {
                    return Optional.ofNullable(full.get(slot.id()));
                  }

                  @Override
                  public boolean reopens(Slot slot) {
                    return !full.containsKey(slot.id());
                  }

                  @Override
                  public void leave(Slot slot) {
                    left.add(slot.id());
                  }
                },
                clock));
    SlotSource source =
        new SlotSource() {
          @Override
          public void start(Consumer<List<Found>> changed) {
            slots = changed;
            changed.accept(List.of(found));
          }

          @Override
          public void close() {
            slots = ignored -> {};
          }
        };
    worker = new Worker(settings, source);
    end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return worker.run();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> new Thread(task, "worker").start());
  }

  private void awaitEndOfLook() {
    try {
      looksMayEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the worker is at, as its next process would find it. */
  Set<String> begun() {
    return new Begun(notes).before();
  }

  void slots(Found... found) {
    slots.accept(List.of(found));
  }

  Worker.End awaitEnd() throws Exception {
    return end.get(20, TimeUnit.SECONDS);
  }

  static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(assertion);
  }

  @Override
  public void close() throws Exception {
    worker.cancel();
    awaitEnd();
  }
}
