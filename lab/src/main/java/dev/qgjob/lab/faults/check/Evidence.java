package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.faults.plan.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A history and the rows, laid out for questions. Immutable. */
final class Evidence {
  /** Something was done from one moment to another; {@link Instant#MAX} if it never ended. */
  record Interval(String kind, String target, Instant from, Instant to) {
    boolean touches(Instant begin, Instant end) {
      return !from.isAfter(end) && !to.isBefore(begin);
    }
  }

  /** A stub's run of an attempt. */
  record Execution(String worker, String jobId, int attempt, Instant from, Instant to) {}

  /** A worker was gone or stood still from this moment, by its own or the lab's doing. */
  record Down(String worker, Instant at, boolean frozen) {}

  final Duration lease;
  final Rows rows;
  final List<Event> events;
  final Map<String, List<Rows.Attempt>> attempts;
  final Map<String, List<Rows.Result>> results;
  final List<Interval> faults;
  private final Map<Class<?>, List<Event>> byType;

  Evidence(Duration lease, List<Event> events, Rows rows) {
    this.lease = lease;
    this.rows = rows;
    this.events =
        events.stream().sorted(Comparator.comparing(Event::at)).collect(Collectors.toList());
    this.byType = this.events.stream().collect(Collectors.groupingBy(Event::getClass));
    this.attempts = byJob(rows.attempts(), Rows.Attempt::jobId);
    this.results = byJob(rows.results(), Rows.Result::jobId);
    this.faults = intervals();
  }

  private static <T> Map<String, List<T>> byJob(List<T> all, Function<T, String> job) {
    return all.stream().collect(Collectors.groupingBy(job, TreeMap::new, Collectors.toList()));
  }

  <T extends Event> List<T> all(Class<T> type) {
    return byType.getOrDefault(type, List.of()).stream().map(type::cast).toList();
  }

  private List<Interval> intervals() {
    Map<Long, Instant> ends = new HashMap<>();
    for (Event.Fault fault : all(Event.Fault.class)) {
      if (fault.phase() == Phase.OK) {
        ends.put(fault.id(), fault.at());
      }
    }
    return all(Event.Fault.class).stream()
        .filter(fault -> fault.phase() == Phase.INVOKE)
        .map(
            fault ->
                new Interval(
                    fault.kind(),
                    fault.target(),
                    fault.at(),
                    ends.getOrDefault(fault.id(), Instant.MAX)))
        .toList();
  }

  /** Whether servers, broker or database were away, or just back, at some time in between. */
  boolean infrastructureAway(Instant begin, Instant end) {
    return faults.stream()
        .filter(fault -> Kind.of(fault.kind()).ofTheInfrastructure())
        .anyMatch(fault -> fault.touches(begin.minus(lease), end));
  }

  boolean struck(String worker, Set<Kind> kinds, Instant begin, Instant end) {
    return faults.stream()
        .filter(fault -> fault.target().equals(worker) && kinds.contains(Kind.of(fault.kind())))
        .anyMatch(fault -> fault.touches(begin, end));
  }

  /** Whoever was heard of. */
  Set<String> workers() {
    return all(Event.Beat.class).stream().map(Event.Beat::worker).collect(Collectors.toSet());
  }

  /** A worker's name from one of its slots' ids. */
  static String workerOf(@Nullable String slot) {
    return slot == null ? "" : slot.substring(0, Math.max(0, slot.indexOf(':')));
  }

  Optional<Rows.Result> result(Rows.Attempt attempt) {
    return results.getOrDefault(attempt.jobId(), List.of()).stream()
        .filter(result -> result.number() == attempt.number())
        .findFirst();
  }

  Optional<Rows.Attempt> next(Rows.Attempt attempt) {
    return attempts.getOrDefault(attempt.jobId(), List.of()).stream()
        .filter(other -> other.number() > attempt.number())
        .min(Comparator.comparing(Rows.Attempt::number));
  }

  /** Tokens of leases under which the server recorded a report, with the job's id. */
  Set<String> reported() {
    return all(Event.Finish.class).stream()
        .filter(finish -> finish.state() != null)
        .map(finish -> finish.token() + "/" + finish.jobId())
        .collect(Collectors.toSet());
  }

  /** The stubs' runs; one whose worker died ended with it. */
  List<Execution> executions() {
    Map<String, Event.Run> open = new HashMap<>();
    Map<Long, Instant> deaths =
        all(Event.Died.class).stream()
            .collect(Collectors.toMap(Event.Died::pid, Event.Died::at, (a, b) -> a));
    List<Execution> all = new ArrayList<>();
    for (Event.Run run : all(Event.Run.class)) {
      String key = run.pid() + "/" + run.jobId() + "/" + run.attempt();
      if (run.phase() == Phase.INVOKE) {
        open.put(key, run);
      } else {
        Event.Run begun = open.remove(key);
        if (begun != null) {
          all.add(execution(begun, run.at()));
        }
      }
    }
    open.values()
        .forEach(run -> all.add(execution(run, deaths.getOrDefault(run.pid(), Instant.MAX))));
    return all;
  }

  private static Execution execution(Event.Run run, Instant end) {
    return new Execution(run.worker(), run.jobId(), run.attempt(), run.at(), end);
  }

  /** When which workers went down: killed, dead by themselves, or frozen for a lease and more. */
  List<Down> downs() {
    List<Down> all = new ArrayList<>();
    for (Event.Died died : all(Event.Died.class)) {
      all.add(new Down(died.worker(), died.at(), false));
    }
    for (Interval fault : faults) {
      if (Kind.of(fault.kind()) == Kind.WORKER_FREEZE
          && (fault.to().equals(Instant.MAX)
              || Duration.between(fault.from(), fault.to()).compareTo(lease) > 0)) {
        all.add(new Down(fault.target(), fault.from(), true));
      }
    }
    all.sort(Comparator.comparing(Down::at));
    return all;
  }

  /** Whether the worker got the answer while it waited for it, which is a sixth of a lease. */
  boolean answered(Event.Beat beat) {
    return beat.phase() == Phase.OK
        && Duration.between(beat.sent(), beat.at()).compareTo(lease.dividedBy(6)) < 0;
  }

  /** How often each kind of fault was done. */
  Map<String, Long> counts() {
    return faults.stream()
        .collect(Collectors.groupingBy(Interval::kind, TreeMap::new, Collectors.counting()));
  }

  double inLeases(Duration time) {
    return (double) time.toNanos() / lease.toNanos();
  }

  static Rows.Result need(Optional<Rows.Result> result) {
    return Objects.requireNonNull(result.orElse(null));
  }
}
