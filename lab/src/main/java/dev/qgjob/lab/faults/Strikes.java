package dev.qgjob.lab.faults;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.faults.link.Gate;
import dev.qgjob.lab.faults.link.Losses;
import dev.qgjob.lab.faults.plan.Strike;
import dev.qgjob.lab.faults.site.Crew;
import dev.qgjob.lab.faults.site.Hand;
import dev.qgjob.lab.faults.site.Site;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Does to the installation what the plan says. Thread-safe. */
final class Strikes {
  private static final Duration LOSS = Duration.ofMinutes(2);

  private final Site site;
  private final Crew crew;
  private final History history;
  private final Consumer<String> say;
  private final AtomicLong ids = new AtomicLong();

  Strikes(Site site, Crew crew, History history, Consumer<String> say) {
    this.site = site;
    this.crew = crew;
    this.history = history;
    this.say = say;
  }

  /** Carries one out, and returns when it is over and what was ended runs again. */
  void strike(Strike strike) throws InterruptedException {
    say.accept(strike.told());
    switch (strike.kind()) {
      case SERVER_KILL ->
          site(
              strike,
              "server-" + (strike.target() + 1),
              () -> site.killServer(strike.target()),
              () -> site.restartServer(strike.target()));
      case BROKER_KILL -> site(strike, "broker", site::killBroker, site::restartBroker);
      case DATABASE_KILL -> site(strike, "database", site::killDatabase, site::restartDatabase);
      case BROKER_WIPE -> site(strike, "broker", site::wipeBroker, site::restartWiped);
      default -> worker(strike);
    }
  }

  private void site(Strike strike, String target, Runnable end, Runnable begin)
      throws InterruptedException {
    long id = begun(strike, target);
    end.run();
    sleep(strike.length());
    try {
      begin.run();
    } catch (RuntimeException e) {
      // the run ends when all is over: whoever looks on should not wait for that
      say.accept("  " + target + " DOES NOT COME BACK: " + e.getMessage());
      throw e;
    }
    over(id, strike, target);
  }

  private void worker(Strike strike) throws InterruptedException {
    Hand hand = taken(strike.target());
    try {
      switch (strike.kind()) {
        case WORKER_KILL -> between(strike, hand, hand::kill, hand::start);
        case CLAIM_KILL -> killInPlaceOfItsClaim(strike, hand);
        case WORKER_FREEZE -> between(strike, hand, hand::freeze, hand::thaw);
        case BROKER_BLACK_HOLE -> hold(strike, hand, hand.broker().gate(), both());
        case API_BLACK_HOLE -> hold(strike, hand, hand.api().gate(), both());
        case ONE_WAY -> oneWay(strike, hand);
        case RESET -> reset(strike, hand);
        case DELAY -> delay(strike, hand);
        case GRANT_LOST -> lose(strike, hand, Losses.Answer.GRANT);
        case RECORDED_LOST -> lose(strike, hand, Losses.Answer.RECORDED);
        default -> throw new IllegalArgumentException("not a worker's fault: " + strike.told());
      }
    } finally {
      hand.giveBack();
    }
  }

  /** The worker that is meant, or the next one that no fault has. */
  private Hand taken(int wanted) throws InterruptedException {
    List<Hand> hands = crew.hands();
    for (int i = wanted; ; i++) {
      Hand hand = hands.get(i % hands.size());
      if (hand.take()) {
        return hand;
      }
      if (i % hands.size() == hands.size() - 1) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private void between(Strike strike, Hand hand, Runnable begin, Runnable end)
      throws InterruptedException {
    long id = begun(strike, hand.name());
    begin.run();
    try {
      sleep(strike.length());
    } finally {
      end.run();
      over(id, strike, hand.name());
    }
  }

  private static Set<Gate.Way> both() {
    return EnumSet.allOf(Gate.Way.class);
  }

  private void hold(Strike strike, Hand hand, Gate gate, Set<Gate.Way> ways)
      throws InterruptedException {
    between(strike, hand, () -> gate.hold(ways), gate::open);
  }

  private void oneWay(Strike strike, Hand hand) throws InterruptedException {
    Gate gate = strike.variant() < 2 ? hand.api().gate() : hand.broker().gate();
    hold(
        strike,
        hand,
        gate,
        EnumSet.of(strike.variant() % 2 == 0 ? Gate.Way.TO_SERVER : Gate.Way.TO_WORKER));
  }

  private void reset(Strike strike, Hand hand) throws InterruptedException {
    long id = begun(strike, hand.name());
    for (int i = 0; i < 5; i++) {
      hand.api().reset();
      hand.broker().reset();
      sleep(strike.length().dividedBy(5));
    }
    over(id, strike, hand.name());
  }

  private void delay(Strike strike, Hand hand) throws InterruptedException {
    Duration by = Duration.ofMillis(40 + 40L * strike.variant());
    between(
        strike,
        hand,
        () -> {
          hand.api().gate().delay(by);
          hand.broker().gate().delay(by);
        },
        () -> {
          hand.api().gate().open();
          hand.broker().gate().open();
        });
  }

  private void killInPlaceOfItsClaim(Strike strike, Hand hand) throws InterruptedException {
    Losses losses = hand.api().losses();
    long id = begun(strike, hand.name());
    losses.beforeClaim(hand::kill);
    await(strike, losses::claimPending);
    losses.forgetClaim();
    try {
      sleep(strike.length());
    } finally {
      hand.start();
      over(id, strike, hand.name());
    }
  }

  private void await(Strike strike, BooleanSupplier pending) throws InterruptedException {
    long end = System.nanoTime() + LOSS.toNanos();
    while (pending.getAsBoolean() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    if (pending.getAsBoolean()) {
      say.accept(strike.told() + ": nothing was there to be lost");
    }
  }

  private void lose(Strike strike, Hand hand, Losses.Answer answer) throws InterruptedException {
    Losses losses = hand.api().losses();
    long id = begun(strike, hand.name());
    losses.lose(answer, strike.variant() % 2 == 0 ? Losses.How.SILENCE : Losses.How.BREAK);
    await(strike, () -> losses.pending(answer));
    losses.forget(answer);
    over(id, strike, hand.name());
  }

  private long begun(Strike strike, String target) {
    long id = ids.incrementAndGet();
    tell(Phase.INVOKE, id, strike, target);
    return id;
  }

  private void over(long id, Strike strike, String target) {
    tell(Phase.OK, id, strike, target);
  }

  private void tell(Phase phase, long id, Strike strike, String target) {
    history.add(
        new Event.Fault(
            history.time().now(),
            phase,
            id,
            strike.kind().label(),
            target,
            strike.length().toMillis() + " ms, form " + strike.variant()));
  }

  private static void sleep(Duration length) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
  }
}
