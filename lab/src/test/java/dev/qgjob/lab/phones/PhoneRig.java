package dev.qgjob.lab.phones;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.stack.Adb;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.SimfarmPart;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestRef;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.appwright.AndroidSdk;
import dev.qgjob.worker.appwright.AppWrightExecutor;
import dev.qgjob.worker.appwright.RunLimits;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.health.Fitness;
import dev.qgjob.worker.health.PhoneProbe;
import dev.qgjob.worker.health.Preparation;
import dev.qgjob.worker.install.InstallLedger;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Binary;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.run.TestFilter;
import dev.qgjob.worker.workspace.Digests;
import dev.qgjob.worker.workspace.Npm;
import dev.qgjob.worker.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The worker's executor on simulated phones, with no server: real AppWright, Playwright, Appium and
 * adb. The state folder is kept between runs of the tests, so that packages are installed once.
 */
final class PhoneRig implements AutoCloseable {
  /** These tests judge what comes, not when: a busy host must not decide a verdict. */
  private static final Duration SLOW_HOST = Duration.ofMinutes(6);

  static final String APP = "io.appium.android.apis";

  final SimfarmPart farm;
  final Adb adb;
  final AdbServer adbServer;
  final Map<String, String> environment;
  final Versions versions;
  final Installer installer;
  final PhoneProbe probe;
  final Path state;
  final Slot slot;
  private final Path folder;
  private final Path example;
  private final AppWrightExecutor executor;
  private final Map<String, Path> blobs = new ConcurrentHashMap<>();
  private int runs;

  PhoneRig(Duration installTime) throws IOException {
    Distribution distribution = Distribution.ofThisBuild();
    Path target = distribution.root().resolve("lab/target/worker-on-phones");
    folder = Files.createDirectories(target.resolve(Long.toString(System.currentTimeMillis())));
    state = Files.createDirectories(target.resolve("state"));
    example = distribution.example();
    Versions made =
        new Versions(
            target.resolve("apps").resolve("app-1.apk"),
            target.resolve("apps").resolve("app-2.apk"));
    versions =
        Files.exists(made.second()) ? made : Versions.make(distribution, target.resolve("apps"));
    farm =
        SimfarmPart.start(
            distribution, folder.resolve("simfarm.log"), 1, installTime, "emulator", List.of());
    adb = new Adb(folder.resolve("adb.log"));
    adb.connect(serial());
    adb.awaitDevice(serial());
    environment = new HashMap<>(System.getenv());
    environment.putAll(adb.environment());
    environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    Path sdk = AndroidSdk.locate(environment, state);
    environment.put("ANDROID_HOME", sdk.toString());
    Children children = new Children("node", state);
    installer =
        new Installer(
            new dev.qgjob.worker.install.Adb("adb", environment), new InstallLedger(state));
    int port = Integer.parseInt(adb.environment().get("ANDROID_ADB_SERVER_PORT"));
    adbServer = new AdbServer(port, Duration.ofSeconds(10));
    probe = new PhoneProbe(adbServer, Fitness.USUAL);
    slot = new Slot("rig:emulator:" + serial(), Target.EMULATOR, serial());
    executor =
        new AppWrightExecutor(
            children,
            new Workspace(
                state,
                (sha256, destination) -> Files.copy(blobs.get(sha256), destination),
                new Npm(children, "npm", state, environment, Duration.ofMinutes(10))),
            new AppiumServers(children, state, environment, SLOW_HOST),
            installer,
            sdk,
            environment,
            new RunLimits(SLOW_HOST, Duration.ofSeconds(15), SLOW_HOST));
  }

  /** Prepares phones with this secret. */
  Preparation preparation(String secret) {
    int port = Integer.parseInt(adb.environment().get("ANDROID_ADB_SERVER_PORT"));
    return new Preparation(
        new AdbServer(port, Duration.ofMinutes(1)), Fitness.USUAL, Optional.of(secret));
  }

  String serial() {
    return farm.serials().get(0);
  }

  /** A file of the example project. */
  Path example(String path) {
    return example.resolve(path);
  }

  /** What the phone counts. */
  JsonNode counts() {
    return farm.phones().path("total");
  }

  /** A project with the example's config and packages, and one spec. */
  Path bundle(String spec, String source) throws IOException {
    return bundle(spec, source, Map.of());
  }

  /** The same with further files, by their names, and without some of the example's. */
  Path bundle(String spec, String source, Map<String, String> more, String... without)
      throws IOException {
    Path project = Files.createTempDirectory(folder, "project");
    Files.createDirectories(project.resolve("tests"));
    for (String file : List.of("package.json", "package-lock.json", "appwright.config.js")) {
      if (!List.of(without).contains(file)) {
        Files.copy(example.resolve(file), project.resolve(file));
      }
    }
    Files.writeString(project.resolve(spec), source);
    for (Map.Entry<String, String> file : more.entrySet()) {
      Files.writeString(project.resolve(file.getKey()), file.getValue());
    }
    Path bundle = Files.createTempFile(folder, "bundle", ".tar.gz");
    Command.run(
            project, Map.of(), List.of("tar", "-czf", bundle.toString(), "--format=ustar", "."), 60)
        .expectSuccess();
    return bundle;
  }

  /**
   * What a job is, beside its spec.
   *
   * @param build the files of a build that has several; empty: {@code app} is its only one
   */
  record How(
      Path app,
      ResetPolicy reset,
      TestFilter filter,
      Duration timeout,
      Map<String, String> secrets,
      List<TestRef> only,
      @Nullable Part part,
      List<Piece> build) {
    How(Path app, ResetPolicy reset, Duration timeout) {
      this(app, reset, TestFilter.ALL, timeout, Map.of(), List.of(), null, List.of());
    }

    /** Without files beside the app. */
    How(
        Path app,
        ResetPolicy reset,
        TestFilter filter,
        Duration timeout,
        Map<String, String> secrets,
        List<TestRef> only,
        @Nullable Part part) {
      this(app, reset, filter, timeout, secrets, only, part, List.of());
    }

    /** What the server knows it by: of several files none has its digest. */
    private App known() throws IOException {
      String digest = build.isEmpty() ? Digests.sha256(app) : Digests.sha256("build of " + build);
      return new App(digest, app.getFileName().toString(), APP);
    }
  }

  /** A file of a build. */
  record Piece(Path file, String packageName, List<String> abis) {
    private Binary binary() throws IOException {
      return new Binary(
          new App(Digests.sha256(file), file.getFileName().toString(), packageName), abis);
    }
  }

  How usual() {
    return new How(versions.first(), ResetPolicy.CLEAR_DATA, Duration.ofMinutes(6));
  }

  /** Runs one spec to its end. */
  Outcome run(How how, String source) throws IOException {
    return start(how, source).outcome().join();
  }

  Outcome run(String source) throws IOException {
    return run(usual(), source);
  }

  /** A job under way. */
  record Started(
      CompletableFuture<Void> begun,
      CompletableFuture<Outcome> outcome,
      List<String> lines,
      Path folder) {}

  /** Starts one spec; its folder is gone when its outcome is there. */
  Started start(How how, String source) throws IOException {
    String spec = "tests/it.spec.js";
    Path bundle = bundle(spec, source);
    return startBundle(how, bundle, spec);
  }

  Started startBundle(How how, Path bundle, String spec) throws IOException {
    String id = "job" + ++runs;
    blobs.put(Digests.sha256(bundle), bundle);
    blobs.put(Digests.sha256(how.app()), how.app());
    List<Binary> files = new ArrayList<>();
    for (Piece piece : how.build()) {
      files.add(piece.binary());
      blobs.put(Digests.sha256(piece.file()), piece.file());
    }
    Assignment job =
        new Assignment(
            id,
            "run1",
            1,
            spec,
            "",
            "appwright.config.js",
            "emulator",
            Digests.sha256(bundle),
            how.known(),
            Target.EMULATOR,
            how.reset(),
            false,
            how.filter(),
            how.timeout(),
            Map.of(),
            how.secrets(),
            how.only(),
            how.part(),
            files);
    Path own = folder.resolve("runs").resolve(id);
    Files.createDirectories(own);
    Started started =
        new Started(
            new CompletableFuture<>(),
            new CompletableFuture<>(),
            new CopyOnWriteArrayList<>(),
            own);
    CompletableFuture<Outcome> told = new CompletableFuture<>();
    Listener listener =
        new Listener() {
          @Override
          public void onStarted(String jobId) {
            started.begun().complete(null);
          }

          @Override
          public void onLog(String jobId, String line) {
            if (started.lines().size() < 10_000) {
              started.lines().add(line);
            }
          }

          @Override
          public void onFinished(String jobId, Outcome outcome) {
            told.complete(outcome);
          }
        };
    Thread thread =
        new Thread(
            () -> {
              executor.run(List.of(job), new RunContext(slot, own, new Cancellation()), listener);
              started.outcome().complete(told.getNow(null));
            },
            id);
    thread.setDaemon(true);
    thread.start();
    return started;
  }

  /** Process ids of this user's processes whose command line has this text. */
  static List<Long> processes(String text) {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").contains(text))
        .map(ProcessHandle::pid)
        .toList();
  }

  @Override
  public void close() {
    executor.close();
    farm.close();
    adb.close();
  }
}
