package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Baselines in which an idle slot picks from what waits, in the order of submission: without a
 * plan, without forecasts and without orgs.
 */
enum Pull implements Baseline {
  /** The oldest job, whatever the slot holds. */
  FIRST_IN_FIRST_OUT("first in, first out") {
    @Override
    boolean takes(Slot slot, Workload.JobSpec job, Floor floor) {
      return true;
    }
  },

  /** A version is pinned to the next slot in turn when its first job comes, and never moves. */
  PINNED("round-robin pinned groups") {
    @Override
    boolean takes(Slot slot, Workload.JobSpec job, Floor floor) {
      return floor.pin(job) == slot;
    }
  },

  /** A slot works on one version to its end; a version is on one slot at a time. */
  UNSPLIT("affinity without splitting") {
    @Override
    boolean takes(Slot slot, Workload.JobSpec job, Floor floor) {
      Slot worker = floor.workers.get(job.appVersion());
      boolean ownLeft = slot.version != null && floor.waits(slot.version, slot);
      return ownLeft ? job.appVersion().equals(slot.version) : worker == null || worker == slot;
    }
  };

  private final String told;

  Pull(String told) {
    this.told = told;
  }

  @Override
  public String told() {
    return told;
  }

  abstract boolean takes(Slot slot, Workload.JobSpec job, Floor floor);

  @Override
  public Optional<Outcome> schedule(Workload workload) {
    return Optional.of(new Floor(workload, this).run());
  }

  /** A slot at work. */
  static final class Slot {
    final Workload.SlotSpec spec;
    final Map<String, String> holds;
    @Nullable String version;
    boolean busy;

    Slot(Workload.SlotSpec spec) {
      this.spec = spec;
      this.holds = new HashMap<>(spec.holds());
    }

    /** The end of the absence that this moment falls into. */
    Optional<Workload.Away> awayAt(double now) {
      return spec.away().stream().filter(a -> a.from() <= now && now < a.until()).findFirst();
    }

    Optional<Workload.Away> lostBetween(double from, double until) {
      return spec.away().stream().filter(a -> from < a.from() && a.from() < until).findFirst();
    }
  }

  /** The slots and what waits. */
  static final class Floor {
    private static final double LEASE = 60;

    private final Workload workload;
    private final Pull rule;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Workload.JobSpec> waiting = new ArrayList<>();
    private final Map<String, Slot> pins = new LinkedHashMap<>();
    private final Map<String, Slot> workers = new HashMap<>();
    private final List<Outcome.Placed> placed = new ArrayList<>();
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingDouble(Event::at).thenComparing(Event::number));
    private long numbers;

    private record Event(double at, long number, Runnable what) {}

    Floor(Workload workload, Pull rule) {
      this.workload = workload;
      this.rule = rule;
      workload.slots().forEach(spec -> slots.add(new Slot(spec)));
    }

    private void at(double when, Runnable what) {
      events.add(new Event(when, numbers++, what));
    }

    Slot pin(Workload.JobSpec job) {
      return pins.computeIfAbsent(
          job.appVersion() + job.device() + job.targets(),
          k -> {
            List<Slot> able = slots.stream().filter(s -> s.spec.mayRun(job)).toList();
            return able.get(pins.size() % able.size());
          });
    }

    boolean waits(String version, Slot slot) {
      return waiting.stream()
          .anyMatch(job -> job.appVersion().equals(version) && slot.spec.mayRun(job));
    }

    Outcome run() {
      for (Workload.JobSpec job : workload.jobs()) {
        at(job.submitted(), () -> waiting.add(job));
      }
      for (Slot slot : slots) {
        slot.spec.away().forEach(away -> at(away.until(), () -> {}));
      }
      while (!events.isEmpty()) {
        double now = events.element().at();
        while (!events.isEmpty() && events.element().at() == now) {
          events.remove().what().run();
        }
        slots.forEach(slot -> pick(slot, now));
      }
      placed.sort(Comparator.comparingDouble(Outcome.Placed::start));
      return new Outcome(placed, 0);
    }

    private void pick(Slot slot, double now) {
      if (slot.busy || slot.awayAt(now).isPresent()) {
        return;
      }
      for (Workload.JobSpec job : waiting) {
        if (slot.spec.mayRun(job) && rule.takes(slot, job, this)) {
          waiting.remove(job);
          start(slot, job, now);
          return;
        }
      }
    }

    private void start(Slot slot, Workload.JobSpec job, double now) {
      boolean install =
          slot.spec.target().setsUpEachSession()
              || !job.appVersion().equals(slot.holds.get(job.packageName()));
      slot.holds.put(job.packageName(), job.appVersion());
      slot.version = job.appVersion();
      slot.busy = true;
      workers.put(job.appVersion(), slot);
      double end = now + (install ? workload.install(slot.spec.target()) : 0) + job.duration();
      Optional<Workload.Away> lost = slot.lostBetween(now, end);
      if (lost.isPresent()) {
        at(lost.get().from() + LEASE, () -> waiting.add(0, job));
        at(lost.get().from(), () -> free(slot));
      } else {
        placed.add(new Outcome.Placed(job.id(), slot.spec.id(), install, now, end));
        at(end, () -> free(slot));
      }
    }

    private void free(Slot slot) {
      slot.busy = false;
      if (slot.version != null && !waits(slot.version, slot)) {
        workers.remove(slot.version, slot);
      }
    }
  }
}
