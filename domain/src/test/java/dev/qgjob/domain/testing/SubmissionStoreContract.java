package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Typed.bool;
import static dev.qgjob.domain.testing.Typed.list;
import static dev.qgjob.domain.testing.Typed.opt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Binary;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.SubmissionStore;
import dev.qgjob.domain.submit.Watched;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link SubmissionStore} promises. */
public interface SubmissionStoreContract {
  World world();

  @Test
  default void idsAreUniqueAndRise() {
    List<String> ids =
        world()
            .in(s -> IntStream.range(0, 1000).mapToObj(i -> s.submissions().newId("job")).toList());
    assertThat(ids).doesNotHaveDuplicates().isSorted().allMatch(id -> id.startsWith("job_"));
  }

  @Test
  default void aRunAndItsJobsAreThereTogether() {
    world().org(Fixtures.ORG);
    List<Job> jobs = Fixtures.queued(world(), 1, 3);
    Run run = world().in(s -> s.jobs().run(jobs.get(0).runId()).orElseThrow());
    assertThat(run.config()).isEqualTo("appwright.config.js");
    assertThat(list(world().in(s -> s.jobs().ofRun(run.id()))))
        .extracting(Job::id)
        .containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
    assertThat(opt(world().in(s -> s.submissions().newestRun(Fixtures.ORG, Fixtures.VERSION))))
        .map(Run::id)
        .contains(run.id());
    assertThat(opt(world().in(s -> s.jobs().build(Fixtures.GROUP)))).contains(Fixtures.build(1));
  }

  @Test
  default void aKeyIsTakenOnce() {
    world().org(Fixtures.ORG);
    Fixtures.queued(world(), 1, 1);
    Run first = world().in(s -> Fixtures.run("run_first", 1, s.jobs().now()));
    Run second = world().in(s -> Fixtures.run("run_second", 1, s.jobs().now()));
    assertThat(add(first, "hash-1")).isTrue();
    assertThat(add(second, "hash-2")).isFalse();
    assertThat(opt(world().in(s -> s.submissions().byKey(Fixtures.ORG, "key"))))
        .contains(new SubmissionStore.KeyedRun("run_first", "hash-1"));
    assertThat(opt(world().in(s -> s.jobs().run("run_second")))).isEmpty();
  }

  private boolean add(Run run, String bodyHash) {
    return world().in(s -> s.submissions().add(run, List.of(), "key", bodyHash));
  }

  @Test
  default void itIsKnownWhoWaitsForARun() {
    world().org(Fixtures.ORG);
    String run = Fixtures.queued(world(), 1, 1).get(0).runId();
    Instant before = world().in(s -> s.jobs().now()).minusSeconds(500);
    world()
        .in(
            s -> {
              s.submissions().watch(new Watched(run, before, Duration.ofMinutes(10)));
              return null;
            });
    assertThat(list(world().in(s -> s.submissions().watched())))
        .containsExactly(new Watched(run, before, Duration.ofMinutes(10)));
    world()
        .in(
            s -> {
              s.submissions().seen(run);
              s.submissions().seen("another");
              return null;
            });
    List<Watched> seen = list(world().in(s -> s.submissions().watched()));
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).seenAt()).isAfterOrEqualTo(before.plusSeconds(500));
  }

  @Test
  default void blobsBelongToAnOrg() {
    world().org(Fixtures.ORG);
    world().org("other");
    world().blob(Fixtures.ORG, Fixtures.sha(1), Fixtures.PACKAGE);
    assertThat(bool(world().in(s -> s.submissions().hasBlob(Fixtures.ORG, Fixtures.sha(1)))))
        .isTrue();
    assertThat(bool(world().in(s -> s.submissions().hasBlob("other", Fixtures.sha(1))))).isFalse();
    assertThat(opt(world().in(s -> s.submissions().readApp(Fixtures.ORG, Fixtures.sha(1)))))
        .map(SubmissionStore.AppFacts::packageName)
        .contains(Fixtures.PACKAGE);
  }

  @Test
  default void anAppTellsWhichProcessorsItIsFor() {
    world().org(Fixtures.ORG);
    world().blob(Fixtures.ORG, Fixtures.sha(1), Fixtures.PACKAGE, "arm64-v8a", "x86_64");
    world().blob(Fixtures.ORG, Fixtures.sha(2), Fixtures.PACKAGE);
    assertThat(opt(world().in(s -> s.submissions().readApp(Fixtures.ORG, Fixtures.sha(1)))))
        .hasValueSatisfying(
            facts ->
                assertThat(facts)
                    .returns(List.of("arm64-v8a", "x86_64"), SubmissionStore.AppFacts::abis)
                    .returns(null, SubmissionStore.AppFacts::split));
    assertThat(opt(world().in(s -> s.submissions().readApp(Fixtures.ORG, Fixtures.sha(2)))))
        .map(SubmissionStore.AppFacts::abis)
        .contains(List.of());
  }

  @Test
  default void aBuildKeepsItsFilesInTheirOrder() {
    world().org(Fixtures.ORG);
    Build set = setOf("1.0", 1, "z.apk", "a.apk");
    Build other = setOf("1.0", 2, "m.apk", "b.apk");
    Build single = Fixtures.build(3);
    world()
        .in(
            s -> {
              Stream.of(set, other, single).forEach(s.submissions()::addBuild);
              return null;
            });
    assertThat(opt(world().in(s -> s.jobs().build(Fixtures.GROUP)))).contains(set);
    assertThat(opt(world().in(s -> s.submissions().app(Fixtures.ORG, "1.0"))))
        .map(AppVersion::builds)
        .contains(List.of(set, other, single));
  }

  private static Build setOf(String version, int number, String app, String companion) {
    return new Build(
        Fixtures.ORG,
        version,
        number,
        Fixtures.sha(90 + number),
        app,
        30,
        Fixtures.PACKAGE,
        null,
        Instant.parse("2026-03-01T08:00:00Z"),
        List.of(
            new Binary(
                Fixtures.sha(10 * number),
                app,
                10,
                Fixtures.PACKAGE,
                List.of("arm64-v8a", "x86_64")),
            new Binary(Fixtures.sha(10 * number + 1), companion, 20, "com.acme.mock", List.of())),
        new Compatibility(
            List.of(new Compatibility.Demand(Set.of("x86_64", "arm64-v8a"), 28)), List.of()));
  }

  @Test
  default void aBlobThatIsNoAppReadsAsNone() {
    world().org(Fixtures.ORG);
    world().blob(Fixtures.ORG, Fixtures.sha(2), null);
    assertThat(bool(world().in(s -> s.submissions().hasBlob(Fixtures.ORG, Fixtures.sha(2)))))
        .isTrue();
    assertThat(opt(world().in(s -> s.submissions().readApp(Fixtures.ORG, Fixtures.sha(2)))))
        .isEmpty();
  }

  @Test
  default void slotsAreLiveThatBeat() {
    assertThat(list(world().in(s -> s.submissions().liveSlots(Target.EMULATOR)))).isEmpty();
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1");
    assertThat(list(world().in(s -> s.submissions().liveSlots(Target.EMULATOR))))
        .extracting(Slot::id)
        .containsExactly("s1");
    assertThat(list(world().in(s -> s.submissions().liveSlots(Target.DEVICE)))).isEmpty();
  }
}
