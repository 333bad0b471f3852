package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.appwright.AndroidSdk;
import dev.qgjob.worker.appwright.AppWrightExecutor;
import dev.qgjob.worker.appwright.RunLimits;
import dev.qgjob.worker.browserstack.Account;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.LocalTunnel;
import dev.qgjob.worker.browserstack.OpenSessions;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.install.Adb;
import dev.qgjob.worker.install.InstallLedger;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.link.HttpBlobs;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.Leftovers;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Npm;
import dev.qgjob.worker.workspace.Workspace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that really runs jobs on this host, put together. */
final class Equipment implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Equipment.class);
  private static final Duration APPIUM_START = Duration.ofMinutes(1);
  private static final Duration NPM = Duration.ofMinutes(10);
  private static final Duration BLOB_STALL = Duration.ofMinutes(1);

  private final ExecutorService downloads;
  private final Map<Target, Executor> executors = new EnumMap<>(Target.class);
  private final InstallLedger ledger;
  private @Nullable AppiumServers appium;
  private @Nullable LocalTunnel tunnel;

  /**
   * Ends what an earlier worker left running, and makes ready.
   *
   * @param environment the worker's own; what children see of it is an allow-list
   * @param withPhones whether this host has slots that need adb
   * @param cloud how it uses BrowserStack
   * @param cache most bytes of bundles, apps and packages that are kept for later jobs
   * @param uninstalled told of each app that had to go from a phone
   * @throws Unusable when something is missing on this host, with what to do
   */
  Equipment(
      Path state,
      ApiClient server,
      Map<String, String> environment,
      boolean withPhones,
      CloudPlan cloud,
      long cache,
      Runnable uninstalled) {
    this.downloads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "download");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<String> ended = Leftovers.endAll(state);
      if (!ended.isEmpty()) {
        log.warn("ended {} process groups that an earlier worker left", ended.size());
      }
      int strays = Leftovers.endIn(state.resolve("runs"));
      if (strays > 0) {
        log.warn("ended {} processes that jobs of an earlier worker left behind", strays);
      }
      Map<String, String> ours = new HashMap<>(environment);
      // Appium and apksigner look for it, and the Java that runs this will do
      ours.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
      needNode(environment);
      Children children = new Children("node", state);
      ledger = new InstallLedger(state);
      Workspace workspace =
          new Workspace(
              state,
              new HttpBlobs(server, downloads, BLOB_STALL),
              new Npm(children, "npm", state, ours, NPM),
              cache,
              this::endAppiumIn);
      if (withPhones) {
        Executor phones = phones(state, ours, children, workspace, uninstalled);
        executors.put(Target.EMULATOR, phones);
        executors.put(Target.DEVICE, phones);
      }
      Endpoints endpoints = Endpoints.in(environment);
      endSessions(state, endpoints, environment);
      executors.put(
          Target.BROWSERSTACK,
          AppWrightExecutor.atBrowserStack(
              children,
              workspace,
              new Uploads(state, cloud.api(), InstantSource.system()),
              new SessionGate(cloud.parallels()),
              endpoints,
              sessionOptions(cloud, children, state, ours),
              environment,
              RunLimits.USUAL));
    } catch (IOException e) {
      throw new Unusable("this host cannot run jobs: " + e.getMessage());
    }
  }

  /** What sessions ask for; with the tunnel, if there is one, which is started here. */
  private Map<String, Object> sessionOptions(
      CloudPlan cloud, Children children, Path state, Map<String, String> environment)
      throws IOException {
    Map<String, Object> all = new HashMap<>(cloud.options());
    Optional<Account> account = Account.in(environment);
    if (cloud.local().isPresent() && account.isPresent()) {
      Path folder = Files.createDirectories(state.resolve("browserstack"));
      LocalTunnel started =
          new LocalTunnel(children, cloud.local().get(), account.get(), folder, environment);
      tunnel = started;
      cloud.parallels().heed(started::hindrance);
      all.putAll(started.options());
    }
    return all;
  }

  /** Those of an earlier worker that was killed: they occupy parallels that are paid for. */
  private static void endSessions(
      Path state, Endpoints endpoints, Map<String, String> environment) {
    Optional<Account> account = Account.in(environment);
    if (account.isEmpty()) {
      return;
    }
    try {
      int open = OpenSessions.sweep(state.resolve("runs"), endpoints, account.get());
      if (open > 0) {
        log.warn("ended {} sessions at BrowserStack that an earlier worker left", open);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void needNode(Map<String, String> environment) throws IOException {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "node"))) {
        return;
      }
    }
    throw new IOException("there is no node on the PATH; install Node 20 or newer");
  }

  private Executor phones(
      Path state,
      Map<String, String> environment,
      Children children,
      Workspace workspace,
      Runnable uninstalled)
      throws IOException {
    Path sdk = AndroidSdk.locate(environment, state);
    Map<String, String> ours = new HashMap<>(environment);
    ours.put("ANDROID_HOME", sdk.toString());
    AppiumServers servers = new AppiumServers(children, state, ours, APPIUM_START);
    appium = servers;
    String adb = sdk.resolve("platform-tools/adb").toString();
    return new AppWrightExecutor(
        children,
        workspace,
        servers,
        new Installer(new Adb(adb, ours), ledger, uninstalled),
        sdk,
        ours,
        RunLimits.USUAL);
  }

  private void endAppiumIn(Path folder) {
    AppiumServers servers = appium;
    if (servers != null) {
      servers.endIn(folder);
    }
  }

  /** Who runs a target's jobs. */
  Map<Target, Executor> executors() {
    return Map.copyOf(executors);
  }

  /** What the ledger notes for a slot. */
  List<Holding> holdings(Slot slot) {
    try {
      return ledger.builds(slot.id()).entrySet().stream()
          .map(build -> new Holding(build.getKey(), build.getValue()))
          .toList();
    } catch (IOException e) {
      log.warn("what slot {} holds cannot be read: {}", slot.id(), e.getMessage());
      return List.of();
    }
  }

  @Override
  public void close() {
    // one executor may serve several targets
    Set.copyOf(executors.values()).forEach(Executor::close);
    LocalTunnel local = tunnel;
    if (local != null) {
      local.close();
    }
    downloads.shutdownNow();
  }
}
