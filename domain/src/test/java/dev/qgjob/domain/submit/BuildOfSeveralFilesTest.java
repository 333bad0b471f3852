package dev.qgjob.domain.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.ReportDesk;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.domain.testing.InMemoryStore;
import dev.qgjob.domain.testing.InMemoryWorld;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BuildOfSeveralFilesTest {
  private static final Nudge NOBODY =
      new Nudge() {
        @Override
        public void workChanged(Target target) {}

        @Override
        public void stop(String workerId, String jobId, long generation) {}
      };

  private static final String ARM = Fixtures.sha(1);
  private static final BuildFile X86 = new BuildFile(Fixtures.sha(2), "x86.apk", false);
  private static final BuildFile MOCK = new BuildFile(Fixtures.sha(3), "mock.apk", true);

  private final InMemoryWorld world = new InMemoryWorld();
  private final InMemoryStore store = world.store();
  private SubmissionDesk desk =
      new SubmissionDesk(store, store, new ReportDesk(store, Duration.ofMinutes(1)), NOBODY);
  private final Caller caller = world.org(Fixtures.ORG);

  @BeforeEach
  void files() {
    world.blob(Fixtures.ORG, Fixtures.BUNDLE, null);
    world.blob(Fixtures.ORG, ARM, Fixtures.PACKAGE, "arm64-v8a");
    world.blob(Fixtures.ORG, X86.sha256(), Fixtures.PACKAGE, "x86_64");
    world.blob(Fixtures.ORG, MOCK.sha256(), "com.acme.mock");
  }

  private Submissions.Submitted submit(@Nullable String app, BuildFile... further) {
    return desk.submit(
        caller,
        new Submission(
            null,
            Fixtures.VERSION,
            app,
            "arm.apk",
            List.of(further),
            Fixtures.BUNDLE,
            ".",
            "appwright.config.js",
            "project",
            List.of(Target.EMULATOR),
            Map.of(),
            List.of(new WantedJob("t.spec.js")),
            Map.of(),
            false,
            0,
            ResetPolicy.CLEAR_DATA,
            0,
            60,
            false,
            null,
            TestFilter.ALL,
            Map.of(),
            null,
            Map.of(),
            Map.of(),
            Set.of(),
            false,
            null,
            null,
            "body"));
  }

  private int build(@Nullable String app, BuildFile... further) {
    Submissions.Submitted submitted = submit(app, further);
    assertThat(submitted).isInstanceOf(Submissions.Submitted.Accepted.class);
    return ((Submissions.Submitted.Accepted) submitted).run().run().build();
  }

  private String refused(String app, BuildFile... further) {
    Submissions.Submitted submitted = submit(app, further);
    assertThat(submitted).isInstanceOf(Submissions.Submitted.Invalid.class);
    Submissions.Submitted.Invalid invalid = (Submissions.Submitted.Invalid) submitted;
    return invalid.field() + " " + invalid.problem();
  }

  @Test
  void eachSetOfFilesIsABuild() {
    assertThat(build(ARM)).isEqualTo(1);
    assertThat(build(ARM, X86, MOCK)).isEqualTo(2);
    assertThat(build(X86.sha256(), MOCK, new BuildFile(ARM, "arm.apk", false))).isEqualTo(2);
    assertThat(build(ARM, MOCK)).isEqualTo(3);
    assertThat(build(ARM)).isEqualTo(1);
    assertThat(build(null)).as("the newest").isEqualTo(3);
  }

  @Test
  void itKnowsItsFilesAndIsComparedByOneDigest() {
    build(ARM, MOCK, X86);
    Build build = store.app(Fixtures.ORG, Fixtures.VERSION).orElseThrow().builds().get(0);
    assertThat(build.sha256())
        .isEqualTo(BuildSet.sha256(List.of(ARM, X86.sha256()), List.of(MOCK.sha256())));
    assertThat(build.packageName()).isEqualTo(Fixtures.PACKAGE);
    assertThat(build.size()).isEqualTo(30);
    assertThat(build.binaries())
        .containsExactly(
            new Binary(ARM, "arm.apk", 10, Fixtures.PACKAGE, List.of("arm64-v8a")),
            new Binary(X86.sha256(), "x86.apk", 10, Fixtures.PACKAGE, List.of("x86_64")),
            new Binary(MOCK.sha256(), "mock.apk", 10, "com.acme.mock", List.of()));
    assertThat(build(build.sha256())).as("submitted again by its digest").isEqualTo(1);
  }

  @Test
  void aFileThatIsNotTheOrgsOwnIsRefused() {
    world.org("other");
    world.blob("other", Fixtures.sha(8), "com.acme.secret");
    assertThat(refused(ARM, new BuildFile(Fixtures.sha(8), "theirs.apk", true)))
        .isEqualTo("companions names theirs.apk, which was not uploaded");
    assertThat(refused(ARM, new BuildFile(Fixtures.sha(8), "theirs.apk", false)))
        .isEqualTo("app_variants names theirs.apk, which was not uploaded");
  }

  @Test
  void filesThatDoNotGoTogetherAreRefused() {
    assertThat(refused(ARM, new BuildFile(MOCK.sha256(), "mock.apk", false)))
        .startsWith("app_variants has mock.apk of package com.acme.mock");
    assertThat(refused(ARM, new BuildFile(X86.sha256(), "x86.apk", true)))
        .isEqualTo("companions has x86.apk of the app's own package");
    assertThat(refused(ARM, new BuildFile(Fixtures.BUNDLE, "text.apk", true)))
        .isEqualTo("companions names text.apk, which is not a readable Android package");
  }

  /** Asking is what notes an upload as used: what nobody asks for goes after a while. */
  @Test
  void whoeverSubmitsUsesAllFilesOfTheBuild() {
    build(ARM, X86, MOCK);
    Set<Object> used = new HashSet<>();
    SubmissionStore watched =
        (SubmissionStore)
            Proxy.newProxyInstance(
                SubmissionStore.class.getClassLoader(),
                new Class<?>[] {SubmissionStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("hasBlob")) {
                    used.add(arguments[1]);
                  }
                  return method.invoke(store, arguments);
                });
    desk = new SubmissionDesk(watched, store, new ReportDesk(store, Duration.ofMinutes(1)), NOBODY);
    build(null);
    assertThat(used).contains(ARM, X86.sha256(), MOCK.sha256());
  }

  @Test
  void filesBesideAnAppNeedTheApp() {
    Submissions.Submitted submitted = submit(null, MOCK);
    assertThat(submitted).isInstanceOf(Submissions.Submitted.Invalid.class);
  }
}
