package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.browserstack.Account;
import dev.qgjob.worker.browserstack.CloudApi;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.Parallels;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.run.TestFilter;
import dev.qgjob.worker.workspace.Digests;
import dev.qgjob.worker.workspace.NotReady;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudStageTest {
  private static final String USER = "BROWSERSTACK_USERNAME";
  private static final String KEY = "BROWSERSTACK_ACCESS_KEY";
  private static final Slot SLOT = new Slot("w:browserstack:1", Target.BROWSERSTACK, "1");

  @TempDir private Path folder;
  private FakeCloud cloud;
  private SessionGate gate;
  private CloudApi api;
  private Kit kit;

  @BeforeEach
  void start() throws IOException {
    cloud = new FakeCloud();
    api = new CloudApi(new Endpoints(cloud.at(), cloud.at()));
    gate = new SessionGate(new Parallels(api, 0, Optional.empty(), folder.resolve("locks")));
    Path file = Files.writeString(folder.resolve("app.apk"), "an app");
    App app = new App(Digests.sha256(file), "app.apk", "dev.example.app");
    kit = new Kit(app, new Kit.Piece(app, file), List.of());
  }

  @AfterEach
  void stop() {
    gate.close();
    cloud.close();
  }

  /** Of a job with these variables, on a worker that has an account. */
  private CloudStage stage(Map<String, String> environment, Map<String, String> secrets)
      throws IOException {
    CloudStages shared =
        new CloudStages(
            new Uploads(folder.resolve("state"), api, InstantSource.system()),
            gate,
            new Endpoints(cloud.at(), cloud.at()),
            Map.of(),
            RunLimits.USUAL,
            Map.of(USER, "the-workers", KEY, "hush"));
    Assignment job =
        new Assignment(
            "job1",
            "run1",
            1,
            "tests/a.spec.js",
            "",
            "appwright.config.js",
            "browserstack",
            "ab".repeat(32),
            kit.app().app(),
            Target.BROWSERSTACK,
            ResetPolicy.CLEAR_DATA,
            false,
            TestFilter.ALL,
            Duration.ofMinutes(2),
            environment,
            secrets,
            List.of(),
            null,
            List.of());
    return new CloudStage(shared, job, SLOT, kit, folder.resolve("sessions"));
  }

  private void pays(CloudStage stage, String user, String key) throws Exception {
    stage.prepare();
    assertThat(cloud.payers()).containsExactly(new Account(user, key).authorization());
    assertThat(stage.environment()).containsEntry(USER, user).containsEntry(KEY, key);
    stage.tidy();
  }

  @Test
  void anAccountAmongTheSubmittersSecretsPaysForUploadAndSessions() throws Exception {
    pays(stage(Map.of(USER, "ann"), Map.of(KEY, "anns-key")), "ann", "anns-key");
  }

  @Test
  void withoutOneOfTheSubmittersTheWorkersPays() throws Exception {
    pays(stage(Map.of("STAGE", "test"), Map.of()), "the-workers", "hush");
  }

  @Test
  void halfAnAccountIsNotMixedWithTheWorkers() {
    assertThatThrownBy(() -> stage(Map.of(), Map.of(KEY, "anns-key")).prepare())
        .isInstanceOfSatisfying(
            NotReady.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.SUBMITTER))
        .hasMessageContaining("half a BrowserStack account");
    assertThat(cloud.payers()).isEmpty();
  }
}
