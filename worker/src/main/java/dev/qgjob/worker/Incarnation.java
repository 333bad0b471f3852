package dev.qgjob.worker;

import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.LeaseAnswer;
import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.lease.Beater;
import dev.qgjob.worker.lease.LeaseWatch;
import dev.qgjob.worker.link.BeatResult;
import dev.qgjob.worker.link.BrokerLink;
import dev.qgjob.worker.link.Delivery;
import dev.qgjob.worker.link.Receiver;
import dev.qgjob.worker.link.Rejections;
import dev.qgjob.worker.link.Unreadable;
import dev.qgjob.worker.link.WorkerApi;
import dev.qgjob.worker.slot.Outbox;
import dev.qgjob.worker.slot.RunningJobs;
import dev.qgjob.worker.slot.SlotTable;
import dev.qgjob.worker.slot.SlotWork;
import dev.qgjob.worker.slot.StopCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker from one registration to its end: beats, leases, slots and the broker, and what each
 * must know of the others. It consumes only while a beat was answered within the last three
 * quarters of a lease, so that it takes nothing in the end of the time for which the server
 * believes in it, and while nobody wants it to drain. Thread-safe.
 */
final class Incarnation implements Receiver {
  private static final Logger log = LoggerFactory.getLogger(Incarnation.class);

  private static final int MOST_PATIENCE = 3;

  /** Attachments rise over restarts, since a pin of an earlier incarnation is gone with it. */
  private static final long ATTACHMENTS_PER_INCARNATION = 1_000_000;

  private final WorkerRegistered registered;
  private final WorkerApi api;
  private final Duration lease;
  private final LongSupplier nanoTime;
  private final LeaseWatch leases;
  private final RunningJobs running = new RunningJobs();
  private final SlotTable slots;
  private final Rejections rejections;
  private final Duration progress;
  private final BrokerLink broker;
  private final Beater beater;
  private final ScheduledExecutorService clock;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** How patient the next beat is: rises with each that had no answer, falls with each that had. */
  private final AtomicInteger unanswered = new AtomicInteger();

  // guarded by this
  private long lastAnswered;
  private long drainAskedAt;
  private boolean drainAsked;
  private boolean leaving;
  private boolean silent;
  private boolean consuming;
  private boolean refused;
  private long refusedAt;

  Incarnation(
      WorkerSettings settings,
      WorkerRegistered registered,
      WorkerApi api,
      ExecutorService threads) {
    this.registered = registered;
    this.api = api;
    this.lease = Duration.ofMillis(registered.leaseMs());
    this.nanoTime = settings.nanoTime();
    // a tenth of it is for ending the processes
    this.leases = new LeaseWatch(lease.multipliedBy(9).dividedBy(10), nanoTime);
    this.lastAnswered = nanoTime.getAsLong();
    Duration beat = Duration.ofMillis(registered.beatMs());
    SlotWork work =
        new SlotWork(
            api,
            new Outbox(api, threads),
            registered.incarnation(),
            settings.mostPerClaim(),
            settings.executors(),
            leases,
            running,
            threads,
            settings.begun(),
            settings.runs(),
            lease,
            beat,
            nanoTime,
            settings.random(),
            this::alive,
            settings.ward());
    this.beater = new Beater(beat, nanoTime, this::beat);
    this.slots = new SlotTable(settings.name(), work, settings.holdings(), beater::soon);
    this.rejections = new Rejections(api, threads, beat, settings.random());
    this.progress = settings.progressTimeout();
    this.broker =
        new BrokerLink(registered.broker(), registered.ownQueue(), lease, this, settings.random());
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease-clock");
              thread.setDaemon(true);
              return thread;
            });
  }

  void start(List<Found> found) {
    slots.set(found);
    broker.start();
    adjust();
    beater.start();
    long step = Math.max(20, Math.min(1_000, lease.toMillis() / 20));
    clock.scheduleWithFixedDelay(this::tick, step, step, TimeUnit.MILLISECONDS);
  }

  /** Phones came or went. */
  void slotsChanged(List<Found> found) {
    slots.set(found);
    adjust();
    beater.soon();
  }

  // ---- leases

  private void tick() {
    try {
      stopLost();
      if (!progress.isZero()) {
        running.stopSilent(progress, nanoTime.getAsLong());
      }
      slots.tick();
      adjust();
      endIfRefused();
    } catch (RuntimeException e) {
      log.error("the lease clock stumbled", e);
    }
  }

  private void stopLost() {
    for (LeaseRef lost : leases.takeLost()) {
      running.stop(
          lost, StopCause.LEASE_LOST, "its lease cannot be proven, the server does not answer");
    }
  }

  private boolean beat() {
    return beat(List.of()).isPresent();
  }

  /**
   * Whether beats have had no answer for two fifths of a lease. They may still arrive: were they to
   * renew leases for which this worker soon has no proof any more, the jobs would wait almost two
   * leases for another worker. So beats go without leases until one is answered, and then the next
   * one follows at once.
   */
  private synchronized boolean quiet() {
    return nanoTime.getAsLong() - lastAnswered >= lease.toNanos() / 5 * 2;
  }

  /** Beats now and says which of these leases, not held yet, live. */
  private Optional<Set<LeaseRef>> alive(List<LeaseRef> asked) {
    return beat(asked)
        .map(
            answer -> {
              Set<String> goOn = new HashSet<>();
              for (LeaseAnswer one : answer.leases()) {
                if (one.goOn()) {
                  goOn.add(one.jobId());
                }
              }
              Set<LeaseRef> alive = new HashSet<>(asked);
              alive.removeIf(one -> !goOn.contains(one.jobId()));
              return alive;
            });
  }

  /** One beat; its answer, if there was one. */
  private Optional<BeatAnswer> beat(List<LeaseRef> more) {
    // the host may have slept: what is lost by now stops before anything else is done
    stopLost();
    boolean quiet = quiet();
    List<LeaseRef> held = quiet ? List.of() : leases.held();
    List<LeaseRef> all = new ArrayList<>(held);
    all.addAll(more);
    long first = registered.incarnation() * ATTACHMENTS_PER_INCARNATION;
    long askedAt = nanoTime.getAsLong();
    BeatResult result =
        api.beat(
            new Beat(registered.incarnation(), slots.beats(broker, first), all), unanswered.get());
    if (result instanceof BeatResult.Answered answered) {
      unanswered.updateAndGet(before -> Math.max(0, before - 1));
      heed(answered.answer(), held, askedAt);
      return quiet && !quiet() && !leases.held().isEmpty()
          ? beat(more)
          : Optional.of(answered.answer());
    }
    if (result instanceof BeatResult.NotRegistered not) {
      log.warn("the server does not know this worker's start any more: {}", not.reason());
      ended.countDown();
    } else if (result instanceof BeatResult.NoAnswer none) {
      unanswered.updateAndGet(before -> Math.min(MOST_PATIENCE, before + 1));
      unanswered(none.reason());
    }
    return Optional.empty();
  }

  private void heed(BeatAnswer answer, List<LeaseRef> held, long askedAt) {
    Map<String, LeaseAnswer> byJob = new HashMap<>();
    answer.leases().forEach(one -> byJob.put(one.jobId(), one));
    for (LeaseRef lease : held) {
      LeaseAnswer one = byJob.get(lease.jobId());
      if (one != null && one.goOn()) {
        leases.renewed(lease, askedAt);
      } else if (one != null) {
        String reason = one.reason();
        running.stop(lease, StopCause.ASKED, reason == null ? "the server stopped it" : reason);
      }
    }
    synchronized (this) {
      if (silent) {
        log.info("the server answers again");
        silent = false;
      }
      lastAnswered = Math.max(lastAnswered, askedAt);
      // a drain asked for by message is newer than an answer to an earlier beat
      if (askedAt - drainAskedAt >= 0) {
        drainAsked = answer.drain();
      }
    }
    adjust();
  }

  private synchronized void unanswered(String reason) {
    if (!silent) {
      log.warn("a beat was not answered: {}", reason);
      silent = true;
    }
  }

  // ---- the broker

  /** Consumers are attached exactly while this worker can carry out what they bring. */
  private void adjust() {
    Map<String, String> queues = new HashMap<>();
    slots
        .targets()
        .forEach(
            (slotId, target) -> {
              String queue = registered.jobQueues().get(target);
              if (queue != null) {
                queues.put(slotId, queue);
              }
            });
    synchronized (this) {
      boolean answering = nanoTime.getAsLong() - lastAnswered < lease.toNanos() / 4 * 3;
      boolean wanted = answering && !drainAsked && !leaving;
      if (wanted != consuming) {
        log.info(wanted ? "taking work" : why(answering));
        consuming = wanted;
      }
      broker.want(wanted, queues);
    }
  }

  private synchronized String why(boolean answering) {
    if (leaving) {
      return "taking no new work: the worker is ending";
    }
    return answering
        ? "taking no new work: the server wants it to drain"
        : "taking no new work: the server does not answer";
  }

  @Override
  public void job(String slotId, Delivery delivery) {
    slots.offer(slotId, delivery);
  }

  @Override
  public void handedOff(Delivery delivery) {
    slots.offer(delivery.job().slotId(), delivery);
  }

  @Override
  public void control(ControlMessage message) {
    switch (message.kind()) {
      case CANCEL -> {
        String jobId = message.jobId();
        if (jobId != null) {
          running.stop(jobId, message.generation(), StopCause.ASKED, "cancelled");
        }
      }
      case DRAIN -> {
        synchronized (this) {
          drainAsked = true;
          drainAskedAt = nanoTime.getAsLong();
        }
        adjust();
        beater.soon();
      }
    }
  }

  @Override
  public void malformed(Unreadable message) {
    rejections.add(message);
  }

  @Override
  public void forgotten() {
    slots.forget();
  }

  @Override
  public void forgotten(String slotId) {
    slots.forget(slotId);
  }

  @Override
  public synchronized void refused() {
    if (!refused) {
      refused = true;
      refusedAt = nanoTime.getAsLong();
    }
  }

  /**
   * A broker that lost its data knows this worker again once it registers anew. That ends what
   * runs, so runs get a lease's time to end by themselves.
   */
  private synchronized void endIfRefused() {
    if (!refused || leaving) {
      return;
    }
    if (broker.connected()) {
      refused = false;
      return;
    }
    long patience = running.count() == 0 ? registered.beatMs() : registered.leaseMs();
    if (nanoTime.getAsLong() - refusedAt > TimeUnit.MILLISECONDS.toNanos(patience)) {
      log.warn("the broker refuses this worker: registering anew");
      ended.countDown();
    }
  }

  @Override
  public void attachmentChanged() {
    beater.soon();
  }

  // ---- the end

  Duration lease() {
    return lease;
  }

  /** Waits until the server ended this incarnation. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Wakes {@link #awaitEnd}. */
  void end() {
    ended.countDown();
  }

  /** Takes no new work. */
  void drain() {
    synchronized (this) {
      leaving = true;
    }
    slots.close();
    adjust();
    beater.soon();
  }

  /** Waits until all work is done and reported. */
  boolean awaitIdle(Duration most) throws InterruptedException {
    return slots.awaitIdle(most);
  }

  int running() {
    return running.count();
  }

  /** Stops all runs. */
  void stopAll(StopCause cause, String reason) {
    running.stopAll(cause, reason);
  }

  /** Ends beats, clock and consumers. */
  void close() {
    beater.close();
    clock.shutdownNow();
    slots.close();
    broker.close();
  }

  /** Says goodbye; the server ends what this incarnation still holds. */
  void deregister() {
    api.deregister(registered.incarnation());
  }
}
