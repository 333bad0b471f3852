package dev.qgjob.worker.browserstack;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.health.Admission;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parallels of accounts, of which each session takes one: a {@link Bucket} of permits that is
 * fed from {@code plan.json}, where other workers and people count as well. A slot is given no work
 * while there is no permit for it; what waits, waits in the server's queue. Thread-safe.
 *
 * <p>The permits of one account are given one after the other, by all workers of a host: the next
 * one when the plan shows the last one's session. Workers on two hosts may both see the last
 * parallel free, between one's question and its session: then BrowserStack queues one session, and
 * nobody here asks for another while it does.
 */
public final class Parallels implements Admission {
  private static final Logger log = LoggerFactory.getLogger(Parallels.class);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A session that the plan does not show by then counts as unseen until it is open. */
  private static final Duration SHOWN = Duration.ofSeconds(10);

  /** A process starts, and uploads its app, before its first session; then that counts as open. */
  private static final Duration SHOWN_FOR_ALL = Duration.ofMinutes(2);

  private static final Duration PAUSE_FOR_ALL = Duration.ofSeconds(1);

  /** What was asked so shortly ago is good enough to open a slot by. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** Between two tests of a process its parallel looks free for a moment. */
  private static final Duration LASTING = Duration.ofSeconds(2);

  private final CloudApi api;
  private final int reserved;
  private final Optional<Account> own;
  private final Path locks;
  private final Pause pause;
  private final LongSupplier nanoTime;
  private final Map<Account, Desk> desks = new ConcurrentHashMap<>();
  private volatile Supplier<Optional<String>> hindrance = Optional::empty;

  /** Where the permits of one account are given out. */
  private static final class Desk {
    private final Bucket bucket;
    private final Semaphore turn = new Semaphore(1, true);
    private final HostTurn host;

    // guarded by this
    private @Nullable Plan last;
    private long lastAt;
    private @Nullable Long freeSince;

    Desk(Bucket bucket, HostTurn host) {
      this.bucket = bucket;
      this.host = host;
    }
  }

  /** A permit, whose session is about to be asked for. */
  static final class Grant {
    private final Account account;
    private final Desk desk;
    private final Bucket.Permit permit;
    private final int askedBefore;

    private Grant(Account account, Desk desk, Bucket.Permit permit, int askedBefore) {
      this.account = account;
      this.desk = desk;
      this.permit = permit;
      this.askedBefore = askedBefore;
    }

    /** Its session is open. */
    void opened() {
      desk.bucket.seen(permit);
    }

    /** Its session has ended, or will not be. */
    void end() {
      desk.bucket.giveBack(permit);
    }
  }

  /** What came of asking for a permit. */
  sealed interface Answer {
    record Yours(Grant grant) implements Answer {}

    /** None is free; {@code why} is for people. */
    record Wait(String why) implements Answer {}
  }

  /**
   * @param reserved parallels of an account that stay free for people
   * @param own the worker's account, by which its slots are let in
   * @param locks folder that all workers of this host share
   */
  public Parallels(CloudApi api, int reserved, Optional<Account> own, Path locks) {
    this(api, reserved, own, locks, Pause.REAL, System::nanoTime);
  }

  Parallels(
      CloudApi api,
      int reserved,
      Optional<Account> own,
      Path locks,
      Pause pause,
      LongSupplier nanoTime) {
    this.api = api;
    this.reserved = reserved;
    this.own = own;
    this.locks = locks;
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  /** No session begins, and no slot is let in, while {@code hindrance} says why not. */
  public void heed(Supplier<Optional<String>> reason) {
    hindrance = reason;
  }

  private Desk desk(Account account) {
    return desks.computeIfAbsent(
        account,
        of -> {
          String name = "browserstack-" + Digests.sha256(of.user()).substring(0, 12) + ".lock";
          return new Desk(new Bucket(reserved), new HostTurn(locks.resolve(name)));
        });
  }

  // ---- sessions

  /**
   * Asks for a permit, for as long as {@code most}. Whoever got one {@linkplain #settle settles} it
   * as soon as its session is being asked for.
   *
   * @throws CloudFault when the account cannot be asked for good, or there will never be one
   */
  Answer take(Account account, String slotId, Duration most)
      throws IOException, InterruptedException {
    Desk desk = desk(account);
    long end = nanoTime.getAsLong() + most.toNanos();
    if (!desk.turn.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
      return new Answer.Wait("another session of this worker is waited for first");
    }
    boolean granted = false;
    try {
      Duration next = FIRST_PAUSE;
      String why = "another worker of this host asks for one";
      do {
        Optional<String> hindered = hindrance.get();
        if (hindered.isPresent()) {
          why = hindered.get();
        } else if (desk.host.take()) {
          try {
            Plan plan = read(desk, account, false);
            requireAny(desk, plan);
            Optional<Bucket.Permit> permit = desk.bucket.take(plan, slotId);
            if (permit.isPresent()) {
              granted = true;
              return new Answer.Yours(new Grant(account, desk, permit.get(), plan.asked()));
            }
            why = desk.bucket.describe(plan);
          } catch (CloudFault e) {
            if (!e.passing()) {
              throw e;
            }
            why = String.valueOf(e.getMessage());
          }
          desk.host.close();
        }
        pause.of(jittered(next));
        next =
            next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? next.multipliedBy(2)
                : LONGEST_PAUSE;
      } while (nanoTime.getAsLong() - end < 0);
      return new Answer.Wait(why);
    } finally {
      if (!granted) {
        desk.host.close();
        desk.turn.release();
      }
    }
  }

  private static Duration jittered(Duration time) {
    return Duration.ofNanos(
        (long) (time.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
  }

  private void requireAny(Desk desk, Plan plan) throws CloudFault {
    if (desk.bucket.leavesNone(plan)) {
      throw new CloudFault(FailureKind.INFRASTRUCTURE, leftToPeople(plan));
    }
  }

  private static String leftToPeople(Plan plan) {
    return "the BrowserStack account has "
        + plan.most()
        + " parallels, and the worker's --browserstack-reserved leaves them all to people";
  }

  /** Lets the next one ask once the plan shows this one's session, or would have by now. */
  void settle(Grant grant) throws InterruptedException {
    settle(grant, SHOWN, FIRST_PAUSE);
  }

  /** The same for a process that has yet to start, and says nothing of its sessions. */
  void settleForAll(Grant grant) throws InterruptedException {
    try {
      settle(grant, SHOWN_FOR_ALL, PAUSE_FOR_ALL);
    } finally {
      // nobody tells when it is open; where another's ended meanwhile, the plan does not either
      grant.opened();
    }
  }

  private void settle(Grant grant, Duration shown, Duration between) throws InterruptedException {
    Desk desk = grant.desk;
    try {
      long end = nanoTime.getAsLong() + shown.toNanos();
      while (!desk.bucket.isSeen(grant.permit) && nanoTime.getAsLong() - end < 0) {
        pause.of(between);
        if (read(desk, grant.account, false).asked() > grant.askedBefore) {
          desk.bucket.seen(grant.permit);
        }
      }
    } catch (IOException e) {
      log.debug("whether a session is shown is not known: {}", e.getMessage());
    } finally {
      desk.host.close();
      desk.turn.release();
    }
  }

  private Plan read(Desk desk, Account account, boolean lately)
      throws IOException, InterruptedException {
    synchronized (desk) {
      Plan last = desk.last;
      if (lately && last != null && nanoTime.getAsLong() - desk.lastAt < FRESH.toNanos()) {
        return last;
      }
    }
    Plan plan = Plan.of(api.askOnce(account, "/app-automate/plan.json", ANSWER));
    synchronized (desk) {
      desk.last = plan;
      desk.lastAt = nanoTime.getAsLong();
    }
    return plan;
  }

  // ---- slots

  @Override
  public Optional<String> enter(Slot slot) {
    if (slot.target() != Target.BROWSERSTACK || own.isEmpty()) {
      return Optional.empty(); // without an account its jobs end with what to set
    }
    Desk desk = desk(own.get());
    Optional<String> hindered = hindrance.get();
    if (hindered.isPresent()) {
      desk.bucket.refuse(slot.id());
      return hindered;
    }
    try {
      Plan plan = read(desk, own.get(), false);
      if (desk.bucket.leavesNone(plan)) {
        desk.bucket.refuse(slot.id());
        return Optional.of(leftToPeople(plan));
      }
      return desk.bucket.enter(plan, slot.id())
          ? Optional.empty()
          : Optional.of(desk.bucket.describe(plan));
    } catch (IOException e) {
      desk.bucket.refuse(slot.id());
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      desk.bucket.refuse(slot.id());
      return Optional.of("the worker ends");
    }
  }

  @Override
  public boolean reopens(Slot slot) {
    if (own.isEmpty()) {
      return true;
    }
    if (hindrance.get().isPresent()) {
      return false;
    }
    Desk desk = desk(own.get());
    try {
      Plan plan = read(desk, own.get(), true);
      return lasts(desk, desk.bucket.hasRoom(plan)) && desk.bucket.reopen(plan, slot.id());
    } catch (IOException e) {
      log.debug("the plan cannot be read: {}", e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean lasts(Desk desk, boolean free) {
    long now = nanoTime.getAsLong();
    synchronized (desk) {
      Long since = desk.freeSince;
      if (!free) {
        desk.freeSince = null;
      } else if (since == null) {
        desk.freeSince = now;
      }
      return free && since != null && now - since >= LASTING.toNanos();
    }
  }

  @Override
  public void leave(Slot slot) {
    own.ifPresent(account -> desk(account).bucket.leave(slot.id()));
  }
}
