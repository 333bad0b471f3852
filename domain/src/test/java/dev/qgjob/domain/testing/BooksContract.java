package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Fixtures.lease;
import static dev.qgjob.domain.testing.Fixtures.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.placement.Bookkeeper;
import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Ledger;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Books} promises, and what the keeper makes of it. */
public interface BooksContract {
  World world();

  private List<Job> jobs() {
    world().org(Fixtures.ORG);
    return Fixtures.queued(world(), 1, 3);
  }

  /** Ends an attempt that long ago, by the store's clock. */
  private void ended(Job job, Duration ago, AttemptReport report) {
    world()
        .in(
            s -> {
              Instant at = s.jobs().now().minus(ago);
              long generation = job.generation();
              Job running = running(job, lease("t-" + job.id(), "s1", at.plusSeconds(600)));
              Ending ending = new Ending(JobState.PASSED, null, null);
              Transition.Next end =
                  (Transition.Next)
                      JobMachine.apply(
                          running, new JobEvent.Finished(generation, "t-" + job.id(), ending), at);
              assertThat(s.jobs().replace(job, running, LeaseGuard.ANY)).isTrue();
              s.jobs().attemptStarted(running);
              s.jobs().lock(List.of(job.id()));
              s.jobs()
                  .moveLocked(
                      List.of(new JobStore.Move(running, end.job(), end.ended(), report, at)));
              return null;
            });
    wentBy(ago);
  }

  /** Lets that much time go by where the clock is one that can be set. */
  default void wentBy(Duration time) {}

  private static AttemptReport report(int installs, long setUp, long run) {
    return new AttemptReport(
        installs, 1, Duration.ofSeconds(setUp), Duration.ofSeconds(run), List.of());
  }

  private int keep() {
    Integer kept = world().in(s -> new Bookkeeper(s.books()).keep());
    return kept;
  }

  private Ledger.Entry account() {
    return world()
        .in(s -> s.books().accounts(Target.EMULATOR).getOrDefault(Fixtures.ORG, Ledger.Entry.NEW));
  }

  private Optional<Figure> figure(FigureKey key) {
    return world().in(s -> Optional.ofNullable(s.books().figures(List.of(key)).get(key)));
  }

  @Test
  default void whatEndedIsBookedOnce() {
    List<Job> jobs = jobs();
    world().share(Fixtures.ORG, 2, null);
    ended(jobs.get(0), Duration.ofSeconds(5), report(1, 10, 30));
    ended(jobs.get(1), Duration.ofSeconds(4), AttemptReport.NONE);
    assertThat(keep()).isEqualTo(1);
    assertThat(account()).isEqualTo(new Ledger.Entry(20_000, true));
    assertThat(keep()).isZero();
    assertThat(account().tag()).isEqualTo(20_000);
    assertThat(
            figure(
                FigureKey.spec(
                    Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR, jobs.get(0).testPath())))
        .contains(Figure.first(Duration.ofSeconds(30)));
    assertThat(figure(FigureKey.run(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR)))
        .contains(Figure.first(Duration.ofSeconds(30)));
    assertThat(figure(FigureKey.setUp(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR)))
        .contains(Figure.first(Duration.ofSeconds(10)));
    assertThat(figure(FigureKey.setUp(Fixtures.ORG, Fixtures.PACKAGE, Target.DEVICE))).isEmpty();
  }

  @Test
  default void aSessionAtBrowserStackIsSetUpEachTimeAndPaidByTheMinute() {
    jobs();
    world().browserStackMinutes(Fixtures.ORG, 90);
    Job job = Fixtures.queuedForCloud(world(), 1).get(0);
    JobEvent.Transferred there = new JobEvent.Transferred(1, Target.BROWSERSTACK);
    Job moved =
        world()
            .in(
                s -> {
                  Transition.Next next =
                      (Transition.Next) JobMachine.apply(job, there, s.jobs().now());
                  assertThat(s.jobs().replace(job, next.job(), LeaseGuard.ANY)).isTrue();
                  return next.job();
                });
    ended(moved, Duration.ofSeconds(5), report(0, 40, 80));
    assertThat(keep()).isEqualTo(1);
    assertThat(figure(FigureKey.setUp(Fixtures.ORG, Fixtures.PACKAGE, Target.BROWSERSTACK)))
        .contains(Figure.first(Duration.ofSeconds(40)));
    Optional<Minutes> minutes = Typed.opt(world().in(s -> s.submissions().minutes(Fixtures.ORG)));
    assertThat(minutes.map(Minutes::used)).contains(Duration.ofMinutes(2));
  }

  @Test
  default void aPartTellsWhatItsSpecTakes() {
    List<Job> parts = Fixtures.queuedInParts(world(), 3);
    ended(parts.get(1), Duration.ofSeconds(5), report(0, 0, 30));
    assertThat(keep()).isEqualTo(1);
    assertThat(
            figure(FigureKey.spec(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR, "long.spec.js")))
        .contains(Figure.first(Duration.ofSeconds(90)));
    assertThat(figure(FigureKey.run(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR)))
        .contains(Figure.first(Duration.ofSeconds(30)));
    assertThat(account().tag()).as("the org pays for what it used").isEqualTo(30_000);
  }

  @Test
  default void whatEndedAMomentAgoIsBookedLater() {
    List<Job> jobs = jobs();
    ended(jobs.get(0), Duration.ZERO, report(0, 0, 30));
    assertThat(keep()).isZero();
  }

  @Test
  default void whoHasWorkIsActive() {
    assertThat(world().in(s -> s.books().active()).get(Target.EMULATOR)).isEmpty();
    jobs();
    Map<Target, java.util.Set<String>> active = world().in(s -> s.books().active());
    assertThat(active.get(Target.EMULATOR)).containsExactly(Fixtures.ORG);
    assertThat(active.get(Target.DEVICE)).isEmpty();
    keep();
    assertThat(account()).isEqualTo(new Ledger.Entry(0, true));
  }

  @Test
  default void aFigureIsReplaced() {
    world().org(Fixtures.ORG);
    FigureKey key = FigureKey.run(Fixtures.ORG, Fixtures.PACKAGE, Target.DEVICE);
    for (long seconds : List.of(4, 14)) {
      world()
          .in(
              s -> {
                Figure known = s.books().figures(List.of(key)).get(key);
                Duration measured = Duration.ofSeconds(seconds);
                s.books()
                    .save(
                        Map.of(key, known == null ? Figure.first(measured) : known.and(measured)));
                return null;
              });
    }
    assertThat(figure(key))
        .hasValueSatisfying(
            f -> {
              assertThat(f.mean()).isEqualTo(Duration.ofSeconds(9));
              assertThat(f.count()).isEqualTo(2);
            });
  }
}
