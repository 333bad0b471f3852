package dev.qgjob.domain.simulation;

import dev.qgjob.domain.placement.Bus;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requests to the servers, each on its way once, twice, late or never; and their answers. */
final class Network {
  private final Simulation world;
  private long lastArrival;

  Network(Simulation world) {
    this.world = world;
  }

  /** When the last of the late requests that are on their way arrives. */
  long lastArrival() {
    return lastArrival;
  }

  /** Who asks. */
  interface Asker {
    String name();

    /** False while nothing passes between it and the servers. */
    boolean reachesServers();

    /** Runs what concerns it, when it can run anything; never once it is dead. */
    void enter(Runnable what);

    /** True once: the next answer is to be lost. */
    boolean losesAnswer();
  }

  private static final class Call<T> {
    final Asker asker;
    final String what;
    final @Nullable String lock;
    final Function<Server, T> request;
    final Consumer<T> answered;
    final Runnable unanswered;
    private boolean over;
    private Agenda.@Nullable Item timeout;

    Call(
        Asker asker,
        String what,
        @Nullable String lock,
        Function<Server, T> request,
        Consumer<T> answered,
        Runnable unanswered) {
      this.asker = asker;
      this.what = what;
      this.lock = lock;
      this.request = request;
      this.answered = answered;
      this.unanswered = unanswered;
    }
  }

  /**
   * Sends a request to one of the servers.
   *
   * @param lock the row for which the request's transaction would wait
   * @param timeout milliseconds after which the asker gives up waiting
   */
  <T> void call(
      Asker asker,
      String what,
      @Nullable String lock,
      long timeout,
      Function<Server, T> request,
      Consumer<T> answered,
      Runnable unanswered) {
    Call<T> call = new Call<>(asker, what, lock, request, answered, unanswered);
    call.timeout = world.agenda().after(timeout, () -> giveUp(call, "no answer in time"));
    if (!asker.reachesServers()) {
      return;
    }
    Plan plan = world.plan();
    Chance chance = world.chance();
    if (!chance.of(plan.lost)) {
      world.agenda().after(delay(), () -> arrive(call, true));
    } else if (world.trace().on()) {
      world.trace().say(asker.name(), what + ": the request is lost");
    }
    if (chance.of(plan.doubled)) {
      world.agenda().after(delay(), () -> arrive(call, false));
    }
  }

  private long delay() {
    Chance chance = world.chance();
    if (chance.of(world.plan().late)) {
      long late = chance.between(20, 2 * world.plan().lease);
      if (late > world.plan().lease / 8) {
        world.referee().disturbed();
      }
      lastArrival = Math.max(lastArrival, world.agenda().now() + late);
      return late;
    }
    return chance.between(1, 8);
  }

  private <T> void arrive(Call<T> call, boolean first) {
    if (world.database().locked(call.lock)) {
      world.agenda().at(world.database().pausedUntil() + 1, () -> arrive(call, first));
      return;
    }
    Server server = world.chance().oneOf(world.servers());
    T answer;
    try {
      answer = call.request.apply(server);
    } catch (Down | Bus.Unavailable e) {
      if (first) {
        world.agenda().after(1, () -> giveUp(call, e.getMessage()));
      }
      return;
    }
    if (!first) {
      return;
    }
    if (!call.asker.reachesServers()
        || call.asker.losesAnswer()
        || world.chance().of(world.plan().lost)) {
      if (world.trace().on()) {
        world.trace().say(call.asker.name(), call.what + ": the answer is lost");
      }
      return;
    }
    world.agenda().after(world.chance().between(1, 8), () -> answer(call, answer));
  }

  private <T> void answer(Call<T> call, T answer) {
    call.asker.enter(
        () -> {
          if (!call.over) {
            end(call);
            call.answered.accept(answer);
          }
        });
  }

  private <T> void giveUp(Call<T> call, @Nullable String why) {
    call.asker.enter(
        () -> {
          if (!call.over) {
            end(call);
            if (world.trace().on()) {
              world.trace().say(call.asker.name(), call.what + " unanswered: " + why);
            }
            call.unanswered.run();
          }
        });
  }

  private static void end(Call<?> call) {
    call.over = true;
    if (call.timeout != null) {
      call.timeout.callOff();
    }
  }
}
