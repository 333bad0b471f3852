package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.link.Backoff;
import dev.qgjob.worker.link.WorkerApi;
import dev.qgjob.worker.slot.SlotTable;
import dev.qgjob.worker.slot.StopCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers, works, and registers anew whenever the server has forgotten it, until it is asked to
 * end. {@link #run} belongs to one thread; {@link #drain} and {@link #cancel} to any.
 */
public final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration KILL = Duration.ofSeconds(15);

  /** How a worker's life ended. */
  public enum End {
    /** all its work was finished and reported */
    DRAINED,
    /** work was cut off, and the server told so */
    CUT_OFF
  }

  private final WorkerSettings settings;
  private final SlotSource source;
  private final ExecutorService threads;
  private final CountDownLatch draining = new CountDownLatch(1);
  private final CountDownLatch cancelling = new CountDownLatch(1);

  // guarded by this
  private List<Found> found = List.of();
  private @Nullable Incarnation current;

  public Worker(WorkerSettings settings, SlotSource source) {
    this.settings = settings;
    this.source = source;
    this.threads = newThreads();
  }

  private static ExecutorService newThreads() {
    AtomicInteger numbers = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, "work-" + numbers.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Works until it is asked to end.
   *
   * @throws ApiProblem when the server refuses the very first registration for good
   */
  public End run() throws InterruptedException {
    source.start(this::slotsChanged);
    try {
      WorkerRegistered registered = null;
      while (draining.getCount() > 0) {
        registered = register(registered);
        if (registered == null) {
          break;
        }
        settings.begun().told();
        Incarnation incarnation = begin(registered);
        incarnation.awaitEnd();
        if (draining.getCount() == 0) {
          return leave(incarnation);
        }
        abandon(incarnation);
      }
      return End.DRAINED;
    } finally {
      source.close();
      threads.shutdownNow();
    }
  }

  private Incarnation begin(WorkerRegistered registered) {
    Duration lease = Duration.ofMillis(registered.leaseMs());
    WorkerApi api = new WorkerApi(settings.workerId(), settings.clients(), lease);
    // a quarter of a lease may have gone since the last answered beat when the silence begins
    Duration silence = lease.multipliedBy(3).dividedBy(5);
    settings.executors().values().forEach(one -> one.silenceEndsAfter(silence));
    Incarnation incarnation = new Incarnation(settings, registered, api, threads);
    log.info(
        "registered as {}: start {}, lease {} ms",
        settings.name(),
        registered.incarnation(),
        registered.leaseMs());
    synchronized (this) {
      current = incarnation;
      incarnation.start(found);
      if (draining.getCount() == 0) {
        incarnation.end();
      }
    }
    return incarnation;
  }

  private synchronized void slotsChanged(List<Found> slots) {
    if (slots.equals(found)) {
      return;
    }
    found = List.copyOf(slots);
    Incarnation now = current;
    if (now != null) {
      now.slotsChanged(found);
    }
  }

  /**
   * Registers, however long it takes; null when asked to end meanwhile.
   *
   * @param before the registration that has ended, whose lease is a measure of haste
   */
  private @Nullable WorkerRegistered register(@Nullable WorkerRegistered before)
      throws InterruptedException {
    Duration haste =
        before == null ? LONGEST_PAUSE : Duration.ofMillis(Math.max(100, before.leaseMs() / 8));
    ApiClient client = settings.clients().apply(before == null ? REQUEST : shorter(before));
    Backoff backoff =
        new Backoff(
            Duration.ofMillis(100),
            haste.compareTo(LONGEST_PAUSE) < 0 ? haste : LONGEST_PAUSE,
            settings.random());
    String told = "";
    // one number for all tries: those that arrive late are the same registration
    long number = settings.registrations().getAsLong();
    do {
      try {
        return WorkerApi.register(client, settings.workerId(), registration(number));
      } catch (ApiProblem e) {
        if (before == null && !e.passing() && e.status() != 409) {
          throw e;
        }
        if (e.problem().type().equals("late")) {
          number = settings.registrations().getAsLong();
        }
        told = tell(told, e.getMessage());
      } catch (Unreachable e) {
        told = tell(told, e.getMessage());
      }
    } while (!draining.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS));
    return null;
  }

  private static Duration shorter(WorkerRegistered before) {
    Duration half = Duration.ofMillis(Math.max(500, before.leaseMs() / 2));
    return half.compareTo(REQUEST) < 0 ? half : REQUEST;
  }

  private static String tell(String told, @Nullable String now) {
    if (!told.equals(now)) {
      log.warn("not registered yet, trying on: {}", now);
    }
    return now == null ? told : now;
  }

  private RegisterWorker registration(long number) {
    List<Found> slots;
    synchronized (this) {
      slots = found;
    }
    return new RegisterWorker(
        settings.stateProof(),
        number,
        settings.version(),
        SlotTable.offers(settings.name(), slots, settings.holdings()),
        List.copyOf(settings.begun().before()));
  }

  /** The server has ended all leases of this incarnation: so does the worker. */
  private void abandon(Incarnation incarnation) throws InterruptedException {
    forget();
    incarnation.stopAll(StopCause.LEASE_LOST, "the worker has to register anew");
    incarnation.close();
    while (!incarnation.awaitIdle(KILL)) {
      log.warn("{} stopped jobs have not ended yet", incarnation.running());
    }
  }

  private synchronized void forget() {
    current = null;
  }

  private End leave(Incarnation incarnation) throws InterruptedException {
    forget();
    incarnation.drain();
    boolean idle = finish(incarnation);
    if (!idle) {
      log.warn("stopping what runs ({}): it will be tried elsewhere", incarnation.running());
      incarnation.stopAll(StopCause.WORKER_ENDS, "worker " + settings.name() + " was ended");
      incarnation.awaitIdle(KILL);
    }
    incarnation.close();
    sayGoodbye(incarnation);
    return idle ? End.DRAINED : End.CUT_OFF;
  }

  /** Without it the server finds out with the leases; so it is not worth more time than one. */
  private void sayGoodbye(Incarnation incarnation) throws InterruptedException {
    long end = settings.nanoTime().getAsLong() + incarnation.lease().dividedBy(2).toNanos();
    Backoff backoff =
        new Backoff(Duration.ofMillis(50), incarnation.lease().dividedBy(8), settings.random());
    while (true) {
      try {
        incarnation.deregister();
        log.info("left in good order");
        return;
      } catch (ApiProblem | Unreachable e) {
        boolean hopeless =
            e instanceof ApiProblem problem && !problem.foreign() && !problem.passing();
        if (hopeless
            || settings.nanoTime().getAsLong() - end >= 0
            || cancelling.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS)) {
          log.warn("could not say goodbye: {}", e.getMessage());
          return;
        }
      }
    }
  }

  /** Lets what runs end, for as long as it may; true if all did. */
  private boolean finish(Incarnation incarnation) throws InterruptedException {
    if (incarnation.running() > 0) {
      log.info(
          "what runs ({}) may finish within {} s; ask again to stop it",
          incarnation.running(),
          settings.drainTimeout().toSeconds());
    }
    long end = settings.nanoTime().getAsLong() + settings.drainTimeout().toNanos();
    while (!incarnation.awaitIdle(Duration.ofMillis(200))) {
      if (cancelling.getCount() == 0 || settings.nanoTime().getAsLong() - end >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Asks the worker to take no new work, to finish what runs, and to end. */
  public void drain() {
    draining.countDown();
    Incarnation now;
    synchronized (this) {
      now = current;
    }
    if (now != null) {
      now.end();
    }
  }

  /** Asks the worker to stop what runs and to end. */
  public void cancel() {
    cancelling.countDown();
    drain();
  }
}
