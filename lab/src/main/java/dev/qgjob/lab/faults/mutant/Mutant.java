package dev.qgjob.lab.faults.mutant;

import dev.qgjob.lab.faults.plan.Kind;
import dev.qgjob.lab.faults.plan.Size;
import dev.qgjob.lab.faults.site.Choice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One promise that is broken on purpose, and the plan that brings it to light.
 *
 * @param patch name of the patch in {@code lab/mutants/}
 * @param breaks what is wrong with it, in one line
 * @param figures those of which at least one has to fall short
 * @param size how much of what brings it to light
 * @param serverClockOff by how much the servers' wall clocks are off
 */
public record Mutant(
    String patch,
    String breaks,
    Choice.Database database,
    Size size,
    Duration serverClockOff,
    List<String> figures) {
  private static final String DOUBLED = "jobs with two recorded results";
  private static final String LATE = "results accepted under an expired lease";
  private static final String REVIVED = "expired leases that a beat revived";
  private static final String EARLY = "starts before the lease of the generation before had ended";
  private static final String OVERLAPPING = "runs of one job at once, but for frozen workers";
  private static final String UNANSWERED = "accepted submissions without a verdict";
  private static final String REQUEUED =
      "requeues by the 'no slot reports it' rule without a fault of broker or worker";

  /**
   * A lease ends three quarters to a whole one after the hole began, since a beat was answered
   * before, and is swept an eighth of one later: what arrives between finds it run out.
   */
  private static final Size AS_LONG_AS_A_LEASE = holes(0.85, 1.05);

  public Mutant {
    figures = List.copyOf(figures);
  }

  /** All that the matrix has to catch. */
  public static List<Mutant> all() {
    return List.of(
        new Mutant(
            "no-guard-no-key",
            "an update without generation and token, and results without a key",
            Choice.Database.H2,
            size(Map.of(Kind.API_BLACK_HOLE, 24), 250, 50, 2.0, 3.0),
            Duration.ZERO,
            List.of(DOUBLED)),
        new Mutant(
            "expired-lease-finishes",
            "a finish counts under a lease that has run out",
            Choice.Database.H2,
            AS_LONG_AS_A_LEASE,
            Duration.ZERO,
            List.of(LATE)),
        new Mutant(
            "beat-revives",
            "a beat renews a lease that has run out",
            Choice.Database.H2,
            AS_LONG_AS_A_LEASE,
            Duration.ZERO,
            List.of(REVIVED)),
        new Mutant(
            "acknowledged-before-the-claim",
            "a message is gone before its claim has an answer",
            Choice.Database.H2,
            // kills at any moment, and of hand-offs, met such a message too seldom: of a hundred
            // none
            apart(Map.of(Kind.CLAIM_KILL, 12), 200, Duration.ofSeconds(60)),
            Duration.ZERO,
            List.of(REQUEUED)),
        new Mutant(
            "h2-writes-later",
            "H2 keeps commits in memory for half a second",
            Choice.Database.H2,
            size(Map.of(Kind.SERVER_KILL, 3), 600, 1, 0.5, 1),
            Duration.ZERO,
            List.of(UNANSWERED)),
        new Mutant(
            "sweep-by-the-servers-clock",
            "the sweep asks the server's clock, which is five minutes fast",
            Choice.Database.MYSQL,
            size(Map.of(Kind.WORKER_FREEZE, 4), 200, 30, 0.5, 1),
            Duration.ofMinutes(5),
            List.of(EARLY, OVERLAPPING)));
  }

  private static Size holes(double from, double to) {
    return size(Map.of(Kind.API_BLACK_HOLE, 60), 500, 50, from, to, Duration.ofSeconds(90));
  }

  private static Size apart(Map<Kind, Integer> counts, int jobs, Duration duration) {
    return new Size(jobs, 0, 0, counts, duration, Duration.ofSeconds(3), 0, 0.5, 1, true);
  }

  private static Size size(
      Map<Kind, Integer> counts, int jobs, int longPercent, double from, double to) {
    return size(counts, jobs, longPercent, from, to, Duration.ofSeconds(40));
  }

  private static Size size(
      Map<Kind, Integer> counts,
      int jobs,
      int longPercent,
      double from,
      double to,
      Duration duration) {
    return new Size(jobs, 0, 0, counts, duration, Duration.ofSeconds(3), longPercent, from, to);
  }

  /** Where the patch lies. */
  public Path file(Path root) {
    return root.resolve("lab/mutants").resolve(patch + ".patch");
  }
}
