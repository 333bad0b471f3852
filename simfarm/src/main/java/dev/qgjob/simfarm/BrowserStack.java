package dev.qgjob.simfarm;

import dev.qgjob.simfarm.SimfarmMain.BrowserStackOptions;
import dev.qgjob.simfarm.browserstack.BrowserStackReport;
import dev.qgjob.simfarm.browserstack.BrowserStackServer;
import dev.qgjob.simfarm.browserstack.Faults;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stand-in for BrowserStack, if one is wanted. */
final class BrowserStack implements Closeable {
  private final Optional<BrowserStackServer> server;
  private final BrowserStackServer.@Nullable Plan plan;

  private BrowserStack(
      Optional<BrowserStackServer> server, BrowserStackServer.@Nullable Plan plan) {
    this.server = server;
    this.plan = plan;
  }

  /**
   * Opens the stand-in that the options describe, or none without options. Without a port in the
   * options, Appium is told to use the adb server that this process's environment names.
   */
  static BrowserStack open(@Nullable BrowserStackOptions options, Farm farm) throws IOException {
    if (options == null) {
      return new BrowserStack(Optional.empty(), null);
    }
    Path folder = Files.createDirectory(farm.scratch().resolve("browserstack"));
    BrowserStackServer.Plan plan =
        new BrowserStackServer.Plan(
            options.port,
            options.appium,
            Optional.ofNullable(options.adbPort).or(BrowserStack::adbPort),
            options.parallels == 0 ? farm.phones().size() : options.parallels,
            options.user,
            options.key,
            options.certificate == null ? folder.resolve("ca.pem") : options.certificate,
            folder);
    return new BrowserStack(
        Optional.of(
            new BrowserStackServer(plan, farm.phones(), farm.executor(), InstantSource.system())),
        plan);
  }

  Optional<BrowserStackReport> report() {
    return server.map(BrowserStackServer::report);
  }

  /** What it is told to do wrong. */
  Optional<Faults> faults() {
    return server.map(BrowserStackServer::faults);
  }

  /** What the ready line says. */
  Map<String, Object> describe() {
    if (server.isEmpty() || plan == null) {
      return Map.of();
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("url", server.get().url());
    all.put("ca", plan.certificate().toAbsolutePath().toString());
    all.put("user", plan.user());
    all.put("key", plan.key());
    all.put("parallels", plan.parallels());
    return Map.of("browserstack", all);
  }

  /** What people are told. */
  List<String> lines() {
    if (server.isEmpty() || plan == null) {
      return List.of();
    }
    return List.of(
        "BrowserStack's stand-in: " + server.get().url(),
        "trust it with: NODE_EXTRA_CA_CERTS=" + plan.certificate().toAbsolutePath());
  }

  @Override
  public void close() {
    server.ifPresent(BrowserStackServer::close);
  }

  private static Optional<Integer> adbPort() {
    return Optional.ofNullable(System.getenv("ANDROID_ADB_SERVER_PORT"))
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::parseInt);
  }
}
