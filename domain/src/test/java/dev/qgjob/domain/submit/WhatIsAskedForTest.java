package dev.qgjob.domain.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.blame.StateLeak;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.Pulse;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.ReportDesk;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.domain.testing.InMemoryStore;
import dev.qgjob.domain.testing.InMemoryWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WhatIsAskedForTest {
  private static final Nudge NOBODY =
      new Nudge() {
        @Override
        public void workChanged(Target target) {}

        @Override
        public void stop(String workerId, String jobId, long generation) {}
      };

  private final InMemoryWorld world = new InMemoryWorld();
  private final InMemoryStore store = world.store();
  private final SubmissionDesk desk =
      new SubmissionDesk(
          store,
          store,
          new ReportDesk(store, Duration.ofMinutes(1)),
          NOBODY,
          Pulse.STEADY,
          Duration.ZERO,
          store);
  private final Caller caller = world.org(Fixtures.ORG);
  private boolean splitSpecs;
  private @Nullable ResetPolicy reset = ResetPolicy.CLEAR_DATA;
  private List<Target> targets = List.of(Target.EMULATOR, Target.DEVICE);

  @BeforeEach
  void anAppAndASlot() {
    world.blob(Fixtures.ORG, Fixtures.BUNDLE, null);
    world.blob(Fixtures.ORG, Fixtures.sha(1), Fixtures.PACKAGE);
    slot("e1", Target.EMULATOR, Map.of("model", "Pixel 8", "os_version", "14"));
    slot("d1", Target.DEVICE, Map.of("model", "Galaxy S24"));
  }

  private void slot(String id, Target target, Map<String, String> capabilities) {
    store.saveSlot(
        new Slot(id, "w1", target, id, capabilities, Map.of(), true, 1, world.clock().instant()));
  }

  private Submissions.Submitted submit(boolean wait, Map<String, String> device) {
    return submit(wait, device, Set.of());
  }

  private Submissions.Submitted submit(
      boolean wait, Map<String, String> device, Set<String> resources) {
    return submit(wait, device, resources, List.of(new WantedJob("a.spec.js")));
  }

  private Submissions.Submitted submit(
      boolean wait, Map<String, String> device, Set<String> resources, List<WantedJob> jobs) {
    return submit(caller, wait, device, resources, jobs, null);
  }

  private Submissions.Submitted submit(
      Caller by,
      boolean wait,
      Map<String, String> device,
      Set<String> resources,
      List<WantedJob> jobs,
      @Nullable String secrets) {
    return desk.submit(
        by,
        new Submission(
            null,
            Fixtures.VERSION,
            Fixtures.sha(1),
            "app.apk",
            List.of(),
            Fixtures.BUNDLE,
            ".",
            "appwright.config.js",
            "project",
            targets,
            Map.of(Target.DEVICE, "on-device"),
            jobs,
            Map.of(),
            splitSpecs,
            0,
            reset,
            0,
            60,
            false,
            null,
            TestFilter.ALL,
            Map.of(),
            secrets,
            Map.of(),
            device,
            resources,
            wait,
            null,
            null,
            "body"));
  }

  private static List<@Nullable String> waitingFor(Submissions.Submitted submitted) {
    assertThat(submitted).isInstanceOf(Submissions.Submitted.Accepted.class);
    return ((Submissions.Submitted.Accepted) submitted)
        .run().jobs().stream().map(JobReport::waitingFor).toList();
  }

  @Test
  void thatNobodyIsThereIsToldAtOnce() {
    assertThat(waitingFor(submit(false, Map.of()))).containsOnlyNulls();
    world.clock().tick(Duration.ofHours(1));
    assertThat(waitingFor(submit(false, Map.of())))
        .containsExactly("a live slot of target emulator or device: there is none");
    slot("d2", Target.DEVICE, Map.of("model", "Galaxy S24"));
    assertThat(waitingFor(submit(false, Map.of()))).containsOnlyNulls();
    assertThat(waitingFor(submit(true, Map.of("model", "Pixel 8", "os_version", "14"))))
        .containsExactly(
            "a live slot of target emulator or device with model=Pixel 8, os_version=14:"
                + " there is none");
  }

  private static Target target(Submissions.Submitted submitted) {
    assertThat(submitted).isInstanceOf(Submissions.Submitted.Accepted.class);
    return ((Submissions.Submitted.Accepted) submitted).run().run().target();
  }

  @Test
  void theTargetIsTheFirstThatHasSuchASlot() {
    assertThat(target(submit(false, Map.of("model", "Pixel 8")))).isEqualTo(Target.EMULATOR);
    assertThat(target(submit(false, Map.of("model", "Galaxy S24")))).isEqualTo(Target.DEVICE);
    assertThat(target(submit(false, Map.of()))).isEqualTo(Target.EMULATOR);
  }

  private Isolation isolation(@Nullable ResetPolicy asked) {
    reset = asked;
    Submissions.Submitted submitted = submit(false, Map.of());
    assertThat(submitted).isInstanceOf(Submissions.Submitted.Accepted.class);
    return ((Submissions.Submitted.Accepted) submitted).run().jobs().get(0).job().isolation();
  }

  @Test
  void aSpecThatLeaksStateStaysOnNewInstallsUntilClearDataIsAskedFor() {
    assertThat(isolation(null)).isEqualTo(Isolation.AS_ASKED);
    assertThat(isolation(ResetPolicy.CONFIRM)).isEqualTo(Isolation.TO_CONFIRM);
    store.leaks(new StateLeak(Fixtures.ORG, Fixtures.PACKAGE, "a.spec.js"));
    assertThat(isolation(null)).isEqualTo(Isolation.LEAKS);
    assertThat(isolation(ResetPolicy.CONFIRM)).isEqualTo(Isolation.LEAKS);
    assertThat(isolation(ResetPolicy.NONE)).isEqualTo(Isolation.AS_ASKED);
    assertThat(isolation(ResetPolicy.CLEAR_DATA)).isEqualTo(Isolation.AS_ASKED);
    assertThat(isolation(null)).as("forgotten").isEqualTo(Isolation.AS_ASKED);
  }

  @Test
  void whatNoSlotHasIsToldAtOnce() {
    assertThat(submit(false, Map.of("model", "Pixel 8", "os_version", "15")))
        .isEqualTo(
            new Submissions.Submitted.Invalid(
                "device",
                "asks for model=Pixel 8, os_version=15, which no live slot of target emulator or"
                    + " device has",
                "see what there is: qgjob devices; or wait for such a slot: --wait-for-device"));
    assertThat(store.runs(Fixtures.ORG, 10)).isEmpty();
  }

  @Test
  void itWaitsWhereThatIsAskedFor() {
    assertThat(target(submit(true, Map.of("model", "Pixel 99")))).isEqualTo(Target.EMULATOR);
    assertThat(store.runs(Fixtures.ORG, 10).get(0).device()).isEqualTo(Map.of("model", "Pixel 99"));
  }

  @Test
  void minutesThatAreUsedUpAreToldAtOnce() {
    slot("b1", Target.BROWSERSTACK, Map.of());
    store.browserStackMinutes(Fixtures.ORG, 30);
    targets = List.of(Target.BROWSERSTACK);
    assertThat(target(submit(false, Map.of()))).isEqualTo(Target.BROWSERSTACK);
    store.spend(Fixtures.ORG, Minutes.monthOf(world.clock().instant()), Duration.ofMinutes(30));
    assertThat(submit(false, Map.of()))
        .isInstanceOfSatisfying(
            Submissions.Submitted.Invalid.class,
            told -> {
              assertThat(told.problem()).contains("has used its 30 minutes of this month");
              assertThat(told.action()).contains("--wait-for-device", "--browserstack-minutes");
            });
    assertThat(target(submit(true, Map.of()))).as("it waits").isEqualTo(Target.BROWSERSTACK);
    targets = List.of(Target.BROWSERSTACK, Target.DEVICE);
    assertThat(target(submit(false, Map.of()))).isEqualTo(Target.DEVICE);
  }

  private final Caller stranger = new Caller("tok_s", Role.UNTRUSTED, Fixtures.ORG, null);

  private Submissions.Submitted strange(@Nullable String secrets) {
    return submit(
        stranger,
        false,
        Map.of("model", "Pixel 8"),
        Set.of(),
        List.of(new WantedJob("a.spec.js")),
        secrets);
  }

  @Test
  void whatStrangersSubmitWishesForASlotThatIsForThem() {
    assertThat(strange(null))
        .isInstanceOfSatisfying(
            Submissions.Submitted.Invalid.class,
            wrong -> {
              assertThat(wrong.problem()).contains("model=Pixel 8, untrusted=true");
              assertThat(wrong.action()).contains("--capability untrusted=true");
            });

    slot("d2", Target.DEVICE, Map.of("model", "Pixel 8", "untrusted", "true"));

    assertThat(target(strange(null))).isEqualTo(Target.DEVICE);
    assertThat(store.runs(Fixtures.ORG, 10).get(0).device())
        .isEqualTo(Map.of("model", "Pixel 8", "untrusted", "true"));
    assertThat(target(submit(false, Map.of("model", "Pixel 8"))))
        .as("others do not see that slot")
        .isEqualTo(Target.EMULATOR);
  }

  @Test
  void strangersHaveNoSecrets() {
    slot("d2", Target.DEVICE, Map.of("model", "Pixel 8", "untrusted", "true"));
    assertThat(strange("sealed"))
        .isInstanceOfSatisfying(
            Submissions.Submitted.Invalid.class,
            wrong -> assertThat(wrong.field()).isEqualTo("secrets"));
    assertThat(store.runs(Fixtures.ORG, 10)).isEmpty();
  }

  private void took(String spec, long seconds) {
    store.save(
        Map.of(
            FigureKey.spec(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR, spec),
            Figure.first(Duration.ofSeconds(seconds))));
  }

  private List<String> parts(String... specs) {
    Submissions.Submitted submitted =
        submit(false, Map.of(), Set.of(), Stream.of(specs).map(WantedJob::new).toList());
    return ((Submissions.Submitted.Accepted) submitted)
        .run().jobs().stream()
            .map(JobReport::job)
            .map(job -> job.testPath() + " " + job.part().number() + "/" + job.part().of())
            .toList();
  }

  @Test
  void aLongSpecIsDividedAmongTheSlotsWhereThatIsAllowed() {
    slot("e2", Target.EMULATOR, Map.of("model", "Pixel 8"));
    slot("e3", Target.EMULATOR, Map.of("model", "Pixel 8"));
    took("long.spec.js", 600);
    took("short.spec.js", 10);

    assertThat(parts("long.spec.js", "short.spec.js"))
        .containsExactly("long.spec.js 1/1", "short.spec.js 1/1");
    splitSpecs = true;
    assertThat(parts("long.spec.js", "short.spec.js"))
        .containsExactly(
            "long.spec.js 1/3", "long.spec.js 2/3", "long.spec.js 3/3", "short.spec.js 1/1");
  }

  @Test
  void whatWasNotMeasuredAndWhatIsNotTheLongestStaysWhole() {
    slot("e2", Target.EMULATOR, Map.of());
    splitSpecs = true;
    assertThat(parts("new.spec.js")).containsExactly("new.spec.js 1/1");
    took("a.spec.js", 100);
    took("b.spec.js", 100);
    assertThat(parts("a.spec.js", "b.spec.js")).containsExactly("a.spec.js 1/1", "b.spec.js 1/1");
  }

  @Test
  void aRunKeepsAllOfItsTargetsAndTheProjectsThere() {
    submit(false, Map.of());
    assertThat(store.runs(Fixtures.ORG, 10).get(0).projects())
        .isEqualTo(Map.of(Target.EMULATOR, "project", Target.DEVICE, "on-device"));
  }

  @Test
  void aResourceThatTheOrgDoesNotHaveIsToldAtOnce() {
    assertThat(submit(false, Map.of(), Set.of("account")))
        .isEqualTo(
            new Submissions.Submitted.Invalid(
                "resources",
                "names account, which org " + Fixtures.ORG + " does not have",
                "an admin adds it: qgjob admin resource set "
                    + Fixtures.ORG
                    + " account --count N"));
    world.resource(Fixtures.ORG, "licence", 1);
    assertThat(
            ((Submissions.Submitted.Invalid) submit(false, Map.of(), Set.of("account"))).action())
        .isEqualTo("there are licence");
    assertThat(store.runs(Fixtures.ORG, 10)).isEmpty();
    submit(false, Map.of(), Set.of("licence"));
    assertThat(store.runs(Fixtures.ORG, 10).get(0).resources()).containsExactly("licence");
  }

  @Test
  void aRunThatNobodyWaitsForIsCancelled() {
    submit(false, Map.of());
    String run = store.runs(Fixtures.ORG, 10).get(0).id();
    store.watch(new Watched(run, store.now(), Duration.ofMinutes(10)));
    world.clock().tick(Duration.ofMinutes(9));
    desk.waited(caller, run);
    world.clock().tick(Duration.ofMinutes(9));
    assertThat(desk.cancelAbandoned()).isZero();
    desk.waited(world.org("other"), run);
    world.clock().tick(Duration.ofMinutes(1));
    assertThat(desk.cancelAbandoned()).as("others do it no good").isEqualTo(1);
    assertThat(desk.cancelAbandoned()).isZero();
    Job job = store.ofRun(run).get(0);
    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(job.message()).contains("nobody has waited for the run for 10 minutes");
  }

  @Test
  void jobsOnEachTargetStayThere() {
    Submissions.Submitted submitted =
        submit(
            false,
            Map.of(),
            Set.of(),
            List.of(
                new WantedJob("a.spec.js", Target.EMULATOR),
                new WantedJob("a.spec.js", Target.DEVICE)));
    RunReport run = ((Submissions.Submitted.Accepted) submitted).run();
    assertThat(run.jobs())
        .extracting(job -> job.job().group().target(), JobReport::project)
        .containsExactly(tuple(Target.EMULATOR, "project"), tuple(Target.DEVICE, "on-device"));
    assertThat(run.run().jobsMayMove()).isFalse();
  }

  @Test
  void eachTargetHasToHaveWhatIsWishedFor() {
    List<WantedJob> jobs =
        List.of(
            new WantedJob("a.spec.js", Target.EMULATOR), new WantedJob("a.spec.js", Target.DEVICE));
    Submissions.Submitted submitted = submit(false, Map.of("model", "Galaxy S24"), Set.of(), jobs);
    assertThat(((Submissions.Submitted.Invalid) submitted).problem())
        .contains("no live slot of target emulator has");
  }
}
