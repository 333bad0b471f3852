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
import dev.qgjob.protocol.Wire;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.appwright.AndroidSdk;
import dev.qgjob.worker.appwright.AppWrightExecutor;
import dev.qgjob.worker.appwright.RunLimits;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.health.Fitness;
import dev.qgjob.worker.health.LockSecret;
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
import dev.qgjob.worker.workspace.Folders;
import dev.qgjob.worker.workspace.Npm;
import dev.qgjob.worker.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private int batches;

  /**
   * A worker with one phone.
   *
   * @param name of the tests that use it: two such workers share no folder
   */
  PhoneRig(String name, Target kind, Duration installTime) throws IOException {
    Distribution distribution = Distribution.ofThisBuild();
    Path target = Objects.requireNonNull(stateOf(distribution, name).getParent());
    folder = Files.createDirectories(target.resolve(Long.toString(System.currentTimeMillis())));
    state = Files.createDirectories(stateOf(distribution, name));
    removeRuns();
    example = distribution.example();
    Versions made =
        new Versions(
            target.resolve("apps").resolve("app-1.apk"),
            target.resolve("apps").resolve("app-2.apk"));
    versions =
        Files.exists(made.second()) ? made : Versions.make(distribution, target.resolve("apps"));
    farm =
        SimfarmPart.start(
            distribution,
            folder.resolve("simfarm.log"),
            1,
            installTime,
            Wire.name(kind),
            List.of());
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
    slot = new Slot("rig:" + Wire.name(kind) + ":" + serial(), kind, serial());
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

  /** Where the worker of these tests keeps its state. */
  static Path stateOf(Distribution distribution, String name) {
    return distribution
        .root()
        .resolve("lab/target/worker-on-phones")
        .resolve(name)
        .resolve("state");
  }

  /** What a worker does when a batch is reported; here files are looked at afterwards. */
  void removeRuns() throws IOException {
    Folders.remove(state.resolve("runs"));
  }

  /** Prepares phones with this secret. */
  Preparation preparation(String secret) {
    int port = Integer.parseInt(adb.environment().get("ANDROID_ADB_SERVER_PORT"));
    return new Preparation(
        new AdbServer(port, Duration.ofMinutes(1)),
        Fitness.USUAL,
        Optional.of(new LockSecret(secret)));
  }

  String serial() {
    return farm.serials().get(0);
  }

  /** Takes the app off the phone behind the worker's back. */
  void uninstall() {
    Command.run(
        Path.of("").toAbsolutePath(),
        environment,
        List.of("adb", "-s", serial(), "uninstall", APP),
        60);
  }

  /** A file of the example project. */
  Path example(String path) {
    return example.resolve(path);
  }

  /** What the phone counts. */
  JsonNode counts() {
    return farm.phones().path("total");
  }

  /**
   * A project with the example's config and packages, one spec, and further files by their names.
   */
  Path bundle(String spec, String source, Map<String, String> more) throws IOException {
    Map<String, String> all = new HashMap<>(more);
    all.put(spec, source);
    return bundle(all);
  }

  /**
   * A project with the example's config and packages, and these files in place of its own; packages
   * of one's own are found without its lockfile.
   */
  private Path bundle(Map<String, String> files) throws IOException {
    Path project = Files.createTempDirectory(folder, "project");
    Files.createDirectories(project.resolve("tests"));
    for (String file : List.of("package.json", "package-lock.json", "appwright.config.js")) {
      boolean lockOfOthers = file.equals("package-lock.json") && files.containsKey("package.json");
      if (!lockOfOthers && !files.containsKey(file)) {
        Files.copy(example.resolve(file), project.resolve(file));
      }
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
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

  /** Starts one spec; its processes are gone when its outcome is there. */
  Started start(How how, String source) throws IOException {
    return startAll(List.of(new Job("it", how, source)), Map.of()).of("it");
  }

  Started startBundle(How how, Path bundle, String spec) throws IOException {
    return startBatch(bundle, Map.of(spec, how)).jobs().get(spec);
  }

  /** One job of a batch; its spec is {@code tests/<name>.spec.js}. */
  record Job(String name, How how, String source) {
    String spec() {
      return specOf(name);
    }
  }

  private static String specOf(String name) {
    return "tests/" + name + ".spec.js";
  }

  /** The jobs of one batch under way, by their specs; all outcomes are there when the last is. */
  record Batch(Map<String, Started> jobs, Map<String, String> ids, Cancellation cancellation) {
    Started of(String name) {
      return jobs.get(specOf(name));
    }

    Outcome outcome(String name) {
      return of(name).outcome().join();
    }

    void cancel(String name, String reason) {
      cancellation.cancel(ids.get(specOf(name)), reason);
    }
  }

  /** Starts several specs of one project in one batch; {@code more}: further files, by names. */
  Batch startAll(List<Job> jobs, Map<String, String> more) throws IOException {
    Map<String, String> files = new HashMap<>(more);
    Map<String, How> hows = new LinkedHashMap<>();
    for (Job job : jobs) {
      files.put(job.spec(), job.source());
      hows.put(job.spec(), job.how());
    }
    return startBatch(bundle(files), hows);
  }

  /** Runs several specs of one project in one batch to their end. */
  Batch runAll(List<Job> jobs, Map<String, String> more) throws IOException {
    Batch batch = startAll(jobs, more);
    batch.jobs().values().forEach(job -> job.outcome().join());
    return batch;
  }

  private Batch startBatch(Path bundle, Map<String, How> specs) throws IOException {
    blobs.put(Digests.sha256(bundle), bundle);
    Path own = Files.createDirectories(state.resolve("runs").resolve("batch" + ++batches));
    Batch batch = new Batch(new LinkedHashMap<>(), new HashMap<>(), new Cancellation());
    List<Assignment> assignments = new ArrayList<>();
    Map<String, Started> byId = new HashMap<>();
    for (Map.Entry<String, How> spec : specs.entrySet()) {
      How how = spec.getValue();
      blobs.put(Digests.sha256(how.app()), how.app());
      for (Piece piece : how.build()) {
        blobs.put(Digests.sha256(piece.file()), piece.file());
      }
      Assignment job = assignment("job" + ++runs, spec.getKey(), Digests.sha256(bundle), how);
      Started started =
          new Started(
              new CompletableFuture<>(),
              new CompletableFuture<>(),
              new CopyOnWriteArrayList<>(),
              own);
      assignments.add(job);
      byId.put(job.jobId(), started);
      batch.jobs().put(spec.getKey(), started);
      batch.ids().put(spec.getKey(), job.jobId());
    }
    Map<String, Outcome> told = new ConcurrentHashMap<>();
    RunContext context = new RunContext(slot, own, batch.cancellation());
    Thread thread =
        new Thread(
            () -> {
              executor.run(assignments, context, listener(byId, told));
              byId.forEach((id, started) -> started.outcome().complete(told.get(id)));
            },
            "batch" + batches);
    thread.setDaemon(true);
    thread.start();
    return batch;
  }

  private Assignment assignment(String id, String spec, String bundleSha256, How how)
      throws IOException {
    List<Binary> files = new ArrayList<>();
    for (Piece piece : how.build()) {
      files.add(piece.binary());
    }
    return new Assignment(
        id,
        "run1",
        1,
        spec,
        "",
        "appwright.config.js",
        Wire.name(slot.target()),
        bundleSha256,
        how.known(),
        slot.target(),
        how.reset(),
        false,
        how.filter(),
        how.timeout(),
        Map.of(),
        how.secrets(),
        how.only(),
        how.part(),
        files);
  }

  private static Listener listener(Map<String, Started> jobs, Map<String, Outcome> told) {
    return new Listener() {
      @Override
      public void onStarted(String jobId) {
        jobs.get(jobId).begun().complete(null);
      }

      @Override
      public void onLog(String jobId, String line) {
        List<String> lines = jobs.get(jobId).lines();
        if (lines.size() < 10_000) {
          lines.add(line);
        }
      }

      @Override
      public void onFinished(String jobId, Outcome outcome) {
        told.put(jobId, outcome);
      }
    };
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
