package dev.qgjob.domain.report;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What queued jobs wait for, as of one moment; read only if there are any. */
record Queue(
    Instant now, Set<Target> live, Map<String, Integer> ahead, Map<String, String> runningOn) {
  static Queue of(ReportStore store, List<Job> jobs, Duration lease) {
    List<Job> queued = jobs.stream().filter(j -> j.state() == JobState.QUEUED).toList();
    return queued.isEmpty()
        ? new Queue(Instant.EPOCH, Set.of(), Map.of(), Map.of())
        : new Queue(
            store.now(),
            store.liveTargets(lease),
            queued.stream().anyMatch(Queue::unsent) ? ahead(store, queued) : Map.of(),
            store.runningOn());
  }

  /**
   * How many go before each. A run's jobs mostly follow one another in their group's queue:
   * counting before the first and the last of them tells whether they do, and a group of 100,000 is
   * not read.
   */
  private static Map<String, Integer> ahead(ReportStore store, List<Job> jobs) {
    Map<String, Integer> ahead = new HashMap<>();
    jobs.stream()
        .collect(Collectors.groupingBy(Alike::of))
        .values()
        .forEach(
            alike -> {
              List<Job> inOrder = alike.stream().sorted(Comparator.comparing(Job::id)).toList();
              int first = store.before(inOrder.get(0));
              int last = inOrder.size() - 1;
              boolean closed = last == 0 || store.before(inOrder.get(last)) == first + last;
              for (int i = 0; i <= last; i++) {
                Job job = inOrder.get(i);
                ahead.put(job.id(), closed ? first + i : store.before(job));
              }
            });
    return ahead;
  }

  /** Jobs of which nothing but their ids says which goes first. */
  private record Alike(GroupKey group, boolean interrupted, int priority, Instant createdAt) {
    static Alike of(Job job) {
      return new Alike(job.group(), job.interrupted(), job.priority(), job.createdAt());
    }
  }

  private static boolean unsent(Job job) {
    return job.unpublished() || job.release() == null;
  }

  /** What goes on after "waits for", or null for a job that does not wait. */
  @Nullable String waitingFor(Job job) {
    if (job.state() != JobState.QUEUED) {
      return null;
    }
    Instant notBefore = job.notBefore();
    if (notBefore != null && notBefore.isAfter(now)) {
      return "the end of its back-off at " + notBefore;
    }
    if (!live.contains(job.group().target())) {
      return "a live slot of target " + target(job) + ": there is none";
    }
    Release release = job.release();
    return release == null || unsent(job) ? behind(job) : sent(job, release);
  }

  private String behind(Job job) {
    int before = ahead.getOrDefault(job.id(), 0);
    return switch (before) {
      case 0 -> "a slot: it is the next of its group";
      case 1 -> "a slot: 1 job of its group is before it";
      default -> "a slot: " + before + " jobs of its group are before it";
    };
  }

  private String sent(Job job, Release release) {
    String slot = release.notedSlotId() != null ? release.notedSlotId() : release.slotId();
    if (slot == null) {
      return "a slot of target " + target(job) + " to report that it has it";
    }
    String other = runningOn.get(slot);
    return "slot " + slot + (other == null ? "" : ", which is busy with job " + other);
  }

  private static String target(Job job) {
    return job.group().target().name().toLowerCase(Locale.ROOT);
  }
}
