package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.client.appwright.AppWrightShape;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.browserstack.CloudApi;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.Parallels;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.install.Adb;
import dev.qgjob.worker.install.InstallLedger;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.run.TestFilter;
import dev.qgjob.worker.workspace.Compilation;
import dev.qgjob.worker.workspace.Digests;
import dev.qgjob.worker.workspace.Node;
import dev.qgjob.worker.workspace.Npm;
import dev.qgjob.worker.workspace.Project;
import dev.qgjob.worker.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A project whose AppWright is a stand-in of another version's shape, and the worker's own way to
 * run it: real Playwright, adapter, reporter and launcher; Appium, its client and adb stand in too.
 */
final class StandIn implements AutoCloseable {
  /** What came after 0.1.1, in this order: each is the one before it with some files changed. */
  private static final List<String> SHAPES =
      List.of("0.1.13", "0.1.16", "0.1.29", "0.1.46", "samsara");

  static final String UDID = "emulator-5554";

  /** Of the worker's account at BrowserStack. */
  static final String KEY = "hush-hush";

  private static final Path SOURCES = Path.of("src/test/appwright");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final String ADB =
      """
      #!/bin/sh
      case "$3" in
        get-state) [ -e "$0.unplugged" ] || echo device ;;
        install|uninstall) echo Success ;;
        shell)
          case "$4" in
            "dumpsys package"*) echo "versionCode=1 lastUpdateTime=now" ;;
            echo*) $4 ;;
          esac ;;
      esac
      """;

  private final Path folder;
  private final Path sources;
  private final Path dependencies;
  private final String name;
  private final Children children;
  private final AppiumServers appium;
  private final Workspace workspace;
  private Duration preparation = Duration.ZERO;
  private final Installer installer;
  private final Map<String, String> environment = new HashMap<>();
  private final App app;
  private final Path binary;
  private RunLimits limits = RunLimits.USUAL;
  private Duration timeout = LONG;
  private BiConsumer<Cancellation, String> onceBegun = (cancellation, job) -> {};
  private Consumer<Cancellation> onceReady = cancellation -> {};
  private int tidied;
  private int runs;

  /**
   * @param folder an empty one
   * @param shape which of them
   */
  StandIn(Path folder, String shape) throws IOException {
    this.folder = folder;
    sources = Files.createDirectories(folder.resolve("project"));
    dependencies = Files.createDirectories(folder.resolve("packages"));
    name = shape.equals("samsara") ? "@samsara-dev/appwright" : "appwright";
    for (String layer : SHAPES.subList(0, SHAPES.indexOf(shape) + 1)) {
      copy(SOURCES.resolve(layer), appwright());
    }
    copy(SOURCES.resolve("beside"), modules());
    Files.createSymbolicLink(sources.resolve("node_modules"), modules());
    Files.writeString(sources.resolve("appwright.config.js"), config());
    Files.createDirectories(sources.resolve("tests"));
    Path adb = Files.writeString(folder.resolve("adb"), ADB);
    assertThat(adb.toFile().setExecutable(true)).isTrue();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    children = new Children("node", folder.resolve("state"));
    Npm npm = new Npm(children, "npm", folder.resolve("state"), environment, LONG);
    workspace = new Workspace(folder.resolve("state"), (sha256, into) -> {}, npm);
    appium = new AppiumServers(children, folder.resolve("state"), environment, LONG);
    installer =
        new Installer(
            new Adb(adb.toString(), environment), new InstallLedger(folder.resolve("state")));
    binary = Files.writeString(folder.resolve("app.apk"), "an app");
    app = new App(Digests.sha256(binary), "app.apk", "dev.example.app");
  }

  /** Where the stand-in of AppWright lies. */
  Path appwright() {
    return modules().resolve(name);
  }

  private Path modules() {
    return dependencies.resolve("node_modules");
  }

  /** Adds real packages, from a folder that has them in its {@code node_modules}. */
  StandIn with(Path packages) throws IOException {
    Files.createSymbolicLink(
        modules().resolve("@playwright"), packages.resolve("node_modules/@playwright"));
    return this;
  }

  /** Has jobs run within other limits than the usual ones. */
  StandIn within(RunLimits limits) {
    this.limits = limits;
    return this;
  }

  /** Gives each job this time, in place of two minutes. */
  StandIn timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /** Has this done when a job's spec begins, with the handle that stops it and the job's id. */
  StandIn onceBegun(BiConsumer<Cancellation, String> then) {
    onceBegun = then;
    return this;
  }

  /** Adds this to the config, for Playwright's own process alone. */
  StandIn inConfig(String statement) throws IOException {
    Files.writeString(
        sources.resolve("appwright.config.js"),
        "if (!process.send) {\n" + statement + "\n}\n",
        StandardOpenOption.APPEND);
    return this;
  }

  /** Has this done when the stage has what Playwright is told, and no process was started. */
  StandIn onceReady(Consumer<Cancellation> then) {
    onceReady = then;
    return this;
  }

  /** How often the stage was tidied. */
  int tidied() {
    return tidied;
  }

  /** The project has such a file now. */
  boolean has(String file) {
    return Files.exists(sources.resolve(file));
  }

  /** The phone is on adb's list no more. */
  void unplug() {
    try {
      Files.createFile(folder.resolve("adb.unplugged"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appium is there no more. */
  void endAppium() {
    appium.close();
  }

  /** Why the command line would not submit it; empty where it would. */
  Optional<String> refusal() throws IOException {
    return AppWrightShape.refusal(sources);
  }

  /** Has something of AppWright called, or a file of its {@code dist} placed, otherwise. */
  void rename(String what, String as) throws IOException {
    try (Stream<Path> files = Files.walk(appwright())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".js")).toList()) {
        Files.writeString(file, Files.readString(file).replace(what, as));
      }
    }
    Path dist = appwright().resolve("dist");
    Path moved = dist.resolve(what + ".js").normalize();
    if (Files.exists(moved)) {
      Files.move(moved, dist.resolve(as + ".js"));
    }
  }

  private String config() {
    return """
    const { defineConfig, Platform } = require('%s');
    const platform = Platform.ANDROID;
    const buildPath = 'not-built-here.apk';
    module.exports = defineConfig({
      projects: [
        {
          name: 'emulator',
          use: {
            platform,
            buildPath,
            // what the fork and the last version understand, and a worker has to decide
            device: { provider: 'emulator', name: 'Pixel 8', osVersion: '14', udid: 'theirs', noReset: true },
          },
        },
        { name: 'device', use: { platform, buildPath, device: { provider: 'local-device', udid: 'theirs' } } },
        {
          name: 'browserstack',
          use: { platform, buildPath, device: { provider: 'browserstack', name: 'Pixel 8', osVersion: '14.0' } },
        },
      ],
    });
    """
        .formatted(name);
  }

  /** Writes a spec; {@code test} is there, of the stand-in. */
  StandIn spec(String file, String body) throws IOException {
    Files.writeString(
        sources.resolve("tests").resolve(file),
        "const { test } = require('" + name + "');\n" + body);
    return this;
  }

  /** How the jobs ended, by their specs' names, and what Playwright's processes printed. */
  record Ran(Map<String, Outcome> outcomes, String log) {
    Outcome of(String spec) {
      return outcomes.get("tests/" + spec);
    }

    List<String> files(String spec) {
      return of(spec).details().artefacts().stream().map(Artefact::name).toList();
    }

    String file(String spec, String ending) throws IOException {
      for (Artefact artefact : of(spec).details().artefacts()) {
        if (artefact.name().endsWith(ending)) {
          return Files.readString(artefact.file());
        }
      }
      throw new AssertionError(spec + " has no " + ending + ", only " + files(spec));
    }
  }

  /** Runs the specs on a phone, all as one group. */
  Ran onPhone(String project, ResetPolicy reset, String... specs) throws Exception {
    return onPhone(project, reset, false, specs);
  }

  /** The same with AppWright as it is. */
  Ran stock(String project, String... specs) throws Exception {
    return onPhone(project, ResetPolicy.FULL, true, specs);
  }

  private Ran onPhone(String project, ResetPolicy reset, boolean stock, String... specs)
      throws Exception {
    Target target = project.equals("device") ? Target.DEVICE : Target.EMULATOR;
    List<Assignment> jobs = jobs(project, target, reset, stock, specs);
    Project sources = project(jobs.get(0));
    Stage stage =
        new PhoneStage(
            jobs.get(0),
            new Slot("w+" + UDID, target, UDID),
            sources,
            kit(),
            folder,
            folder.resolve("sessions"),
            appium,
            installer,
            new dev.qgjob.worker.appium.Ports(),
            limits,
            environment);
    return run(stage, sources, jobs);
  }

  /** Runs the specs at what answers as BrowserStack does. */
  Ran atBrowserStack(URI cloud, String... specs) throws Exception {
    List<Assignment> jobs =
        jobs("browserstack", Target.BROWSERSTACK, ResetPolicy.CLEAR_DATA, false, specs);
    Endpoints endpoints = new Endpoints(cloud, cloud);
    Map<String, String> account =
        Map.of("BROWSERSTACK_USERNAME", "ann", "BROWSERSTACK_ACCESS_KEY", KEY);
    CloudApi api = new CloudApi(endpoints);
    try (SessionGate gate =
        new SessionGate(new Parallels(api, 0, Optional.empty(), folder.resolve("locks")))) {
      CloudStages shared =
          new CloudStages(
              new Uploads(folder.resolve("state"), api, InstantSource.system()),
              gate,
              endpoints,
              Map.of(),
              RunLimits.USUAL,
              account);
      Slot slot = new Slot("w+bs", Target.BROWSERSTACK, "1");
      Project sources = project(jobs.get(0));
      Stage stage = shared.stage(jobs.get(0), slot, sources, kit(), folder.resolve("sessions"));
      return run(stage, sources, jobs);
    }
  }

  private Kit kit() {
    return new Kit(app, new Kit.Piece(app, binary), List.of());
  }

  private Project project(Assignment like) {
    Compilation compilation =
        workspace.compilation(like, sources, folder.resolve("compiled-" + (runs + 1)));
    return new Project(sources, sources, dependencies, new Node("node", "", 0), compilation);
  }

  /** What the next run is spared to compile. */
  List<Path> compiled() throws IOException {
    Path kept = folder.resolve("state/cache/compiled");
    try (Stream<Path> all = Files.exists(kept) ? Files.walk(kept) : Stream.empty()) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private List<Assignment> jobs(
      String project, Target target, ResetPolicy reset, boolean stock, String... specs) {
    List<Assignment> all = new ArrayList<>();
    for (String spec : specs) {
      all.add(
          new Assignment(
              "job-" + spec,
              "run1",
              1,
              "tests/" + spec,
              "",
              "appwright.config.js",
              project,
              "ab".repeat(32),
              app,
              target,
              reset,
              stock,
              TestFilter.ALL,
              timeout,
              Map.of(),
              Map.of(),
              List.of(),
              null,
              List.of()));
    }
    return all;
  }

  /** Has the stage take so long, by the jobs' clock, to have what Playwright is told. */
  StandIn preparedIn(Duration time) {
    preparation = time;
    return this;
  }

  private Stage timed(Stage stage, AtomicLong clock, Cancellation cancellation) {
    return (Stage)
        Proxy.newProxyInstance(
            Stage.class.getClassLoader(),
            new Class<?>[] {Stage.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepare")) {
                clock.addAndGet(preparation.toNanos());
              }
              tidied += method.getName().equals("tidy") ? 1 : 0;
              try {
                Object answer = method.invoke(stage, arguments);
                if (method.getName().equals("prepare")) {
                  onceReady.accept(cancellation);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Ran run(Stage stage, Project project, List<Assignment> jobs) throws Exception {
    AtomicLong later = new AtomicLong();
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    Map<String, String> specs = new HashMap<>();
    StringBuilder log = new StringBuilder();
    Path own = Files.createDirectories(folder.resolve("run-" + ++runs));
    List<JobRun> all = new ArrayList<>();
    for (Assignment job : jobs) {
      specs.put(job.jobId(), job.testPath());
      all.add(
          new JobRun(
              job,
              Files.createDirectories(own.resolve(job.jobId())),
              new Redaction(Map.of(), Map.of()),
              () -> System.nanoTime() + later.get()));
    }
    Cancellation cancellation = new Cancellation();
    Listener listener =
        new Listener() {
          @Override
          public void onStarted(String jobId) {
            onceBegun.accept(cancellation, jobId);
          }

          @Override
          public void onLog(String jobId, String line) {
            log.append(line).append('\n');
          }

          @Override
          public void onFinished(String jobId, Outcome outcome) {
            outcomes.put(specs.get(jobId), outcome);
          }
        };
    GroupRun group =
        new GroupRun(
            children,
            project,
            timed(stage, later, cancellation),
            own,
            environment,
            limits,
            cancellation,
            listener,
            all);
    cancellation.watch(group::wake);
    group.run();
    return new Ran(outcomes, log.toString());
  }

  /** What came to Appium: method, url, body and the value that was answered. */
  List<JsonNode> requests() throws IOException {
    Path notes = dependencies.resolve("requests.jsonl");
    List<JsonNode> all = new ArrayList<>();
    if (Files.exists(notes)) {
      for (String line : Files.readAllLines(notes, StandardCharsets.UTF_8)) {
        all.add(JSON.readTree(line));
      }
    }
    return all;
  }

  /** The capabilities of all sessions that Appium was asked for. */
  List<JsonNode> sessions() throws IOException {
    return requests().stream()
        .filter(r -> r.path("method").asText().equals("POST"))
        .filter(r -> r.path("url").asText().equals("/session"))
        .map(r -> r.path("body").path("capabilities").path("alwaysMatch"))
        .toList();
  }

  /** Sessions that were opened and not ended. */
  List<String> open() throws IOException {
    List<String> open = new ArrayList<>();
    for (JsonNode request : requests()) {
      String url = request.path("url").asText();
      if (url.equals("/session")) {
        open.add(request.path("value").path("sessionId").asText());
      } else if (request.path("method").asText().equals("DELETE")) {
        open.remove(url.substring("/session/".length()));
      }
    }
    return open;
  }

  /** What AppWright did to the host by itself. */
  String byItself() throws IOException {
    Path witness = sources.resolve("by-itself.txt");
    return Files.exists(witness) ? Files.readString(witness) : "";
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    appium.close();
  }
}
