package dev.qgjob.worker.slot;

import dev.qgjob.protocol.fleet.InboxEntry;
import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.protocol.lease.Granted;
import dev.qgjob.protocol.message.JobMessage;
import dev.qgjob.worker.link.Backoff;
import dev.qgjob.worker.link.ClaimAnswer;
import dev.qgjob.worker.link.Delivery;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Slot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot: its inbox, and the one thing that it does at a time. While it has work it borrows a
 * thread; idle, it is nothing but an empty inbox. Thread-safe.
 *
 * <p>A claim without a clear answer is repeated with the same token even when the message is
 * forgotten meanwhile: the server may have granted it, and then only this slot can use it.
 */
public final class SlotLoop {
  private static final Logger log = LoggerFactory.getLogger(SlotLoop.class);

  /** What a beat says of an inbox; the server releases one message a slot, so more are foreign. */
  private static final int MOST_REPORTED = 1_000;

  /** A claim under way, by its message. */
  private record Asking(Delivery delivery, String token) {}

  private final Slot slot;
  private final Executor executor;
  private final SlotWork work;
  private final Runnable news;
  private final Runnable unclear;

  // guarded by this
  private final Deque<Delivery> inbox = new ArrayDeque<>();
  private @Nullable Asking asking;
  private @Nullable Batch batch;
  private boolean active;
  private boolean open = true;

  /**
   * @param news called, without a lock held, when the slot may hold something else: when the first
   *     job of a claim begins, and when the slot became idle
   * @param unclear called when a claim had no clear answer
   */
  public SlotLoop(Slot slot, Executor executor, SlotWork work, Runnable news, Runnable unclear) {
    this.slot = slot;
    this.executor = executor;
    this.work = work;
    this.news = news;
    this.unclear = unclear;
  }

  /** A message came. It is claimed when its turn comes. */
  public void offer(Delivery delivery) {
    synchronized (this) {
      if (!open) {
        return;
      }
      inbox.add(delivery);
      if (active) {
        return;
      }
      active = true;
    }
    try {
      work.threads().execute(this::work);
    } catch (RejectedExecutionException e) {
      close();
    }
  }

  /** What was delivered and not acknowledged is void. */
  public synchronized void forget() {
    inbox.clear();
  }

  /**
   * Takes no new work from now on, and gives up a claim that has no answer yet. What runs goes on.
   */
  public synchronized void close() {
    open = false;
    inbox.clear();
    notifyAll();
  }

  /** Takes work again. */
  public synchronized void reopen() {
    open = true;
  }

  /** Stops what runs now. */
  public void stop(StopCause cause, String reason) {
    Batch now;
    synchronized (this) {
      now = batch;
    }
    if (now != null) {
      now.stop(cause, reason);
    }
  }

  /** The messages that wait, the one being claimed included. */
  public synchronized List<InboxEntry> inbox() {
    List<InboxEntry> entries = new ArrayList<>();
    Asking now = asking;
    if (now != null) {
      entries.add(entry(now.delivery()));
    }
    for (Delivery delivery : inbox) {
      if (entries.size() < MOST_REPORTED
          && (now == null || !delivery.job().equals(now.delivery().job()))) {
        entries.add(entry(delivery));
      }
    }
    return entries;
  }

  private static InboxEntry entry(Delivery delivery) {
    return new InboxEntry(delivery.job().jobId(), delivery.job().generation());
  }

  /** True while nothing is claimed, runs or is reported. */
  public synchronized boolean idle() {
    return !active;
  }

  /** Waits until the slot is idle; false if that took too long. */
  public synchronized boolean awaitIdle(Duration most) throws InterruptedException {
    long end = work.nanoTime().getAsLong() + most.toNanos();
    while (active) {
      long left = end - work.nanoTime().getAsLong();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return true;
  }

  private void work() {
    Asking next = next();
    while (next != null) {
      try {
        if (fit() && admitted()) {
          settle(next);
        }
      } catch (RuntimeException | Error e) {
        // whatever one job brings about, the slot goes on: else it would beat and never work again
        log.error("slot {}: job {} could not be handled", slot.id(), jobId(next), e);
      } finally {
        settled();
      }
      next = next();
    }
    news.run();
  }

  /**
   * Looks at the phone before anything is claimed for it. What is not claimed goes back to the
   * broker with the slot's consumers.
   */
  private boolean fit() {
    synchronized (this) {
      if (!open) {
        return true; // the phone has gone or the worker ends: there is nothing to find out
      }
    }
    boolean fit = work.ward().check(slot);
    if (fit) {
      work.ward().clear(slot);
    } else {
      forget();
    }
    return fit;
  }

  /** What the slot shares with others has room for it; what it was sent waits elsewhere if not. */
  private boolean admitted() {
    boolean in = work.ward().admit(slot);
    if (!in) {
      forget();
    }
    return in;
  }

  private synchronized @Nullable Asking next() {
    Delivery delivery = open ? inbox.poll() : null;
    if (delivery == null) {
      work.ward().rests(slot);
      active = false;
      notifyAll();
      return null;
    }
    asking = new Asking(delivery, work.newToken());
    return asking;
  }

  private synchronized void settled() {
    asking = null;
  }

  private static String jobId(Asking asking) {
    return asking.delivery().job().jobId();
  }

  /** Repeats the claim until its answer is clear, then does what the answer says. */
  private void settle(Asking asked) {
    JobMessage job = asked.delivery().job();
    Backoff backoff = newBackoff();
    long askedAt = work.nanoTime().getAsLong();
    int late = 0;
    boolean told = false;
    while (true) {
      long triedAt = work.nanoTime().getAsLong();
      ClaimAnswer answer = work.claim(slot.id(), asked.delivery(), asked.token(), late);
      if (answer instanceof ClaimAnswer.Won won) {
        settled();
        asked.delivery().acknowledge();
        run(asked, won.granted(), askedAt);
        return;
      }
      if (answer instanceof ClaimAnswer.Lost lost) {
        log.debug("job {}: not to be run here: {}", job.jobId(), lost.reason());
        asked.delivery().acknowledge();
        return;
      }
      if (answer instanceof ClaimAnswer.Unclear none) {
        late += none.late() ? 1 : 0;
        if (!told) {
          told = true;
          log.warn("job {}: claiming again: {}", job.jobId(), none.reason());
          // a slot that is new, or a start that has ended, is settled by a beat
          unclear.run();
        }
        Duration took = Duration.ofNanos(work.nanoTime().getAsLong() - triedAt);
        if (!pause(backoff.next(none.retryAfter(), took))) {
          return;
        }
      }
    }
  }

  /** Waits before the next try; false when the slot takes no work any more. */
  private synchronized boolean pause(Duration pause) {
    try {
      long end = work.nanoTime().getAsLong() + pause.toNanos();
      long left = pause.toNanos();
      while (open && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        left = end - work.nanoTime().getAsLong();
      }
      return open;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run(Asking asked, Granted granted, long askedAt) {
    acknowledgeAll(granted.grants());
    Batch next = work.newBatch(slot, news);
    boolean recent = work.nanoTime().getAsLong() - askedAt < work.lease().toNanos() / 2;
    long provenFrom = recent ? askedAt : work.nanoTime().getAsLong();
    for (Grant grant : recent ? granted.grants() : confirmed(granted.grants(), asked.token())) {
      log.info(
          "job {}: claimed by {}: {} of {} build {}, attempt {}",
          grant.jobId(),
          slot.id(),
          grant.run().testPath(),
          grant.run().appVersionId(),
          grant.run().build(),
          grant.attempt());
      next.add(grant, asked.token(), provenFrom);
    }
    synchronized (this) {
      batch = next;
    }
    try {
      next.run(executor);
    } finally {
      synchronized (this) {
        batch = null;
      }
      // after the job, so that one that left the phone unfit is not noticed by the next one
      fit();
    }
  }

  /** The messages of jobs that came along with the one asked for have done their work. */
  private void acknowledgeAll(List<Grant> grants) {
    Set<InboxEntry> won = new HashSet<>();
    grants.forEach(grant -> won.add(new InboxEntry(grant.jobId(), grant.generation())));
    List<Delivery> done = new ArrayList<>();
    synchronized (this) {
      inbox.removeIf(
          delivery -> {
            boolean mine = won.contains(entry(delivery));
            if (mine) {
              done.add(delivery);
            }
            return mine;
          });
    }
    done.forEach(Delivery::acknowledge);
  }

  /**
   * A lease counts from the first time that it was asked for. When that is long ago, a beat says
   * whether it lives, and until then nothing may run under it.
   */
  private List<Grant> confirmed(List<Grant> grants, String token) {
    List<LeaseRef> asked =
        grants.stream()
            .map(grant -> new LeaseRef(grant.jobId(), grant.generation(), token))
            .toList();
    Backoff backoff = newBackoff();
    do {
      Optional<Set<LeaseRef>> alive = work.confirmation().alive(asked);
      if (alive.isPresent()) {
        List<Grant> lives = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
          if (alive.get().contains(asked.get(i))) {
            lives.add(grants.get(i));
          } else {
            log.warn("job {}: its claim took longer than its lease", asked.get(i).jobId());
          }
        }
        return lives;
      }
    } while (pause(backoff.next()));
    return List.of();
  }

  private Backoff newBackoff() {
    return new Backoff(
        Duration.ofMillis(50), work.beat().multipliedBy(2).dividedBy(3), work.random());
  }
}
