package dev.qgjob.domain.simulation;

import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The size and the weather of one seed's world, drawn before it begins. Times in milliseconds. */
final class Plan {
  /** How a job behaves when it is run. */
  record Behaviour(
      long duration, JobState outcome, @Nullable FailureKind kind, boolean kills, long dyingAfter) {
    Behaviour {
      if (kills && dyingAfter > duration) {
        throw new IllegalArgumentException("dead before it ends");
      }
    }
  }

  final long lease;
  final long tick;
  final int most;
  final int asked;
  final List<Integer> slotsOfWorkers = new ArrayList<>();
  final List<Target> targets;
  final int submissions;
  double lost;
  double late;
  double doubled;
  double stalls;
  final long faultsUntil;
  final int faults;
  final int window;
  private int slotsMade;
  private final List<Behaviour> behaviours = new ArrayList<>();

  Plan(Chance chance) {
    lease = 1_000 * chance.between(3, 6);
    tick = 1_000;
    most = (int) chance.between(1, 8);
    asked = chance.of(0.5) ? 1 : (int) chance.between(2, 16);
    for (long w = chance.between(1, 3); w > 0; w--) {
      slotsOfWorkers.add(chance.of(0.3) ? 2 : 1);
    }
    int slots = slotsOfWorkers.stream().mapToInt(Integer::intValue).sum();
    targets =
        slots == 1 || chance.of(0.8)
            ? List.of(Target.EMULATOR)
            : List.of(Target.EMULATOR, Target.DEVICE);
    submissions = (int) chance.between(1, 4);
    boolean calm = chance.of(0.3);
    lost = calm ? 0 : chance.between(0, 6) / 100.0;
    late = calm ? 0 : chance.between(0, 2) / 100.0;
    doubled = calm ? 0 : chance.between(0, 6) / 100.0;
    stalls = calm ? 0.02 : chance.between(0, 10) / 100.0;
    faultsUntil = lease * chance.between(2, 5);
    faults = chance.of(0.15) ? 0 : (int) chance.between(1, 7);
    window = chance.of(0.5) ? 1_000 : (int) chance.between(1, 3);
  }

  /** In turn, so that every target has a slot. */
  Target nextTarget() {
    return targets.get(slotsMade++ % targets.size());
  }

  /** Draws a behaviour for a new spec and returns its number. */
  int newBehaviour(Chance chance) {
    long duration =
        chance.of(0.6)
            ? chance.between(20, 60)
            : chance.of(0.8)
                ? chance.between(lease / 2, lease)
                : chance.between(2 * lease, 3 * lease);
    boolean kills = chance.of(0.03);
    JobState outcome = JobState.PASSED;
    FailureKind kind = null;
    if (chance.of(0.15)) {
      outcome = JobState.FAILED;
      kind = FailureKind.TEST;
    } else if (chance.of(0.03)) {
      outcome = JobState.ERROR;
      kind = FailureKind.SUBMITTER;
    }
    behaviours.add(
        new Behaviour(
            duration,
            outcome,
            kind,
            kills,
            kills ? chance.between(1, Math.min(duration, 500)) : 0));
    return behaviours.size() - 1;
  }

  Behaviour of(String testPath) {
    return behaviours.get(Integer.parseInt(testPath.substring(1, testPath.indexOf('.'))));
  }

  /** No more noise from now on. */
  void clearUp() {
    lost = 0;
    late = 0;
    doubled = 0;
    stalls = 0;
  }

  /** All that the specs take together, if each ran once. */
  long work() {
    return behaviours.stream().mapToLong(Behaviour::duration).sum();
  }
}
