package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.browserstack.CloudApi;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.Parallels;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Assignments;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Npm;
import dev.qgjob.worker.workspace.Workspace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppWrightExecutorTest {
  private static final String BREAKS = "b".repeat(64);
  private static final String AWAY = "c".repeat(64);

  @TempDir private Path folder;

  private static Assignment job(String id, String appSha256) {
    return Assignments.of(
        id,
        "tests/a.js",
        "browserstack",
        "d".repeat(64),
        new App(appSha256, "app.apk", "dev.example.app"),
        Target.BROWSERSTACK);
  }

  /** The next group may be of somebody else's run. */
  @Test
  void whatBreaksOneGroupIsNotToldOfTheNextOne() throws Exception {
    Map<String, Outcome> outcomes = run(job("1", BREAKS), job("2", AWAY));

    assertThat(outcomes.get("1").message()).isEqualTo("the worker failed: it breaks");
    assertThat(outcomes.get("1").brokeTheSlot()).as("it says nothing of the phone").isFalse();
    assertThat(outcomes.get("2").message()).isEqualTo("the app cannot be fetched: it is away");
  }

  @Test
  void noFileOfAJobThatCouldNotBeMadeReadyStaysOpen() throws Exception {
    run(job("1", BREAKS), job("2", AWAY));

    Path real = folder.toRealPath();
    List<Path> open = new ArrayList<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : descriptors) {
        if (Files.exists(one)) {
          open.add(Files.readSymbolicLink(one));
        }
      }
    }
    assertThat(open).noneMatch(file -> file.startsWith(real));
  }

  private Map<String, Outcome> run(Assignment... batch) throws Exception {
    Endpoints nowhere =
        new Endpoints(URI.create("http://localhost"), URI.create("http://localhost"));
    CloudApi api = new CloudApi(nowhere);
    Children children = new Children("node", folder);
    Workspace workspace =
        new Workspace(
            folder,
            (sha256, destination) -> {
              if (sha256.equals(BREAKS)) {
                throw new IllegalStateException("it breaks");
              }
              throw new IOException("it is away");
            },
            new Npm(children, "npm", folder, Map.of(), Duration.ofMinutes(1)));
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    try (SessionGate gate =
            new SessionGate(new Parallels(api, 0, Optional.empty(), folder.resolve("locks")));
        AppWrightExecutor executor =
            AppWrightExecutor.atBrowserStack(
                children,
                workspace,
                new Uploads(folder, api, InstantSource.system()),
                gate,
                nowhere,
                Map.of(),
                Map.of(),
                RunLimits.USUAL)) {
      executor.run(
          List.of(batch),
          new RunContext(
              new Slot("w:browserstack:1", Target.BROWSERSTACK, "1"),
              folder.resolve("run").toAbsolutePath(),
              new Cancellation()),
          outcomes::put);
    }
    return outcomes;
  }
}
