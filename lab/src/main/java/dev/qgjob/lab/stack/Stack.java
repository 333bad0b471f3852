package dev.qgjob.lab.stack;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole installation on this machine: server, phones, adb, worker, an org with a token.
 * Everything lies below one folder; closing it ends every process. Not thread-safe.
 */
public final class Stack implements AutoCloseable {
  private final Distribution distribution;
  private final Path folder;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final ServerPart server;
  private final SimfarmPart phones;
  private final Adb adb;
  private final String orgId;
  private final ApiClient admin;
  private final String token;
  private @Nullable Part worker;

  /**
   * How a stack is made.
   *
   * @param environment the server's
   * @param cloud the phones are behind a stand-in for BrowserStack
   */
  public record Plan(
      String orgId,
      int phones,
      Duration installTime,
      String kind,
      Map<String, String> environment,
      boolean cloud) {
    public Plan {
      environment = Map.copyOf(environment);
    }

    public Plan(
        String orgId,
        int phones,
        Duration installTime,
        String kind,
        Map<String, String> environment) {
      this(orgId, phones, installTime, kind, environment, false);
    }
  }

  /** Starts everything but the worker. */
  public Stack(Distribution distribution, Path folder, Plan plan) {
    this.distribution = distribution;
    this.folder = folder;
    this.orgId = plan.orgId();
    try {
      this.adb = opened(new Adb(folder.resolve("adb.log")));
      this.phones =
          opened(
              SimfarmPart.start(
                  distribution,
                  folder.resolve("simfarm.log"),
                  plan.phones(),
                  plan.installTime(),
                  plan.kind(),
                  plan.cloud() ? cloudOptions() : List.of()));
      phones.serials().forEach(adb::connect);
      this.server =
          opened(
              ServerPart.start(
                  distribution,
                  folder.resolve("server"),
                  folder.resolve("server.log"),
                  plan.environment()));
      this.admin = server.client(server.bootstrapToken());
      this.token = Orgs.create(admin, orgId);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  private List<String> cloudOptions() {
    AppiumPart appium = opened(AppiumPart.start(distribution, folder, adb.environment()));
    return List.of(
        "--browserstack=0",
        "--browserstack-appium=" + appium.url(),
        "--browserstack-adb-port=" + adb.port(),
        "--browserstack-ca=" + folder.resolve("browserstack.pem"));
  }

  /** Starts a worker that offers the stand-in's parallels, and no phones. */
  public Part startCloudWorker(String name, String... more) {
    Cloud cloud = phones.cloud();
    List<String> options =
        new ArrayList<>(List.of("--no-adb", "--browserstack-parallels=" + cloud.parallels()));
    options.addAll(List.of(more));
    return startWorker(
        name,
        (int) liveSlots() + cloud.parallels(),
        cloud.environment(folder),
        options.toArray(String[]::new));
  }

  /** Starts the worker and returns when so many of its slots are live. */
  public Part startWorker(
      String name, int slots, Map<String, String> environment, String... options) {
    String code = admin.post("/enrolments", new CreateEnrolment(null), EnrolmentCode.class).code();
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(adb.environment());
    List<String> command =
        new ArrayList<>(
            List.of(
                distribution.worker().toString(),
                "enrol-and-run",
                "--server",
                server.url().toString(),
                "--code",
                code,
                "--name",
                name,
                "--state",
                folder.resolve("worker-" + name).toString()));
    command.addAll(List.of(options));
    Part part =
        opened(
            Part.start(
                "worker",
                folder.resolve("worker-" + name + "-" + System.nanoTime() + ".log"),
                distribution.root(),
                all,
                command));
    worker = part;
    part.await("offering " + slots + " slots", Duration.ofMinutes(2), () -> liveSlots() >= slots);
    return part;
  }

  private long liveSlots() {
    return admin.get("/slots", SlotList.class).slots().stream()
        .filter(s -> !s.state().equals("away"))
        .count();
  }

  /** Runs a command of the built worker that ends by itself, on this stack's phones. */
  public Command.Result workerCommand(Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(adb.environment());
    List<String> command = new ArrayList<>(List.of(distribution.worker().toString()));
    command.addAll(List.of(arguments));
    return Command.run(folder, all, command, 120);
  }

  /** The worker that was started last. */
  public Part worker() {
    if (worker == null) {
      throw new IllegalStateException("no worker was started");
    }
    return worker;
  }

  /** The server. */
  public ServerPart server() {
    return server;
  }

  /** What a process needs to see this stack's phones. */
  public Map<String, String> adbEnvironment() {
    return adb.environment();
  }

  /** The state folder of a worker that was started under this name. */
  public Path workerFolder(String name) {
    return folder.resolve("worker-" + name);
  }

  /** The phones. */
  public SimfarmPart phones() {
    return phones;
  }

  /** Makes a vanished phone come back, and returns when adb has it. */
  public void bringBack(String serial) {
    phones.tell(serial, "return");
    adb.connect(serial);
    adb.awaitDevice(serial);
  }

  /** The org's token, a submitter's. */
  public String token() {
    return token;
  }

  /** A client with the installation's admin token. */
  public ApiClient admin() {
    return admin;
  }

  /** A client with the org's token. */
  public ApiClient submitter() {
    return server.client(token);
  }

  /** Runs the built CLI as the org's submitter, in a folder. */
  public Command.Result qgjob(Path directory, String... arguments) {
    return qgjob(directory, token, arguments);
  }

  /** Runs the built CLI as the installation's admin. */
  public Command.Result qgjobAdmin(String... arguments) {
    return qgjob(folder, server.bootstrapToken(), arguments);
  }

  private Command.Result qgjob(Path directory, String bearer, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(distribution.cli().toString());
    command.addAll(List.of(arguments));
    return Command.run(
        directory,
        Map.of(
            "QGJOB_SERVER", server.url().toString(),
            "QGJOB_TOKEN", bearer,
            "QGJOB_CONFIG_DIR", folder.resolve("cli").toString()),
        command,
        600);
  }

  /** The run as it is now. */
  public RunView run(String runId) {
    return submitter().get("/runs/" + runId, RunView.class);
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("while ending " + part.getClass().getSimpleName() + ": " + e);
      }
    }
  }
}
