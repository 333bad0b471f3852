package dev.qgjob.worker.appium;

import dev.qgjob.worker.process.Children;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The host's Appium servers, one for each set of packages that brings one. Thread-safe. */
public final class AppiumServers implements AutoCloseable {
  private final Map<Path, AppiumServer> servers = new HashMap<>();
  private final Children children;
  private final Path stateDir;
  private final Map<String, String> environment;
  private final Duration startLimit;

  /**
   * No server runs until one is wanted.
   *
   * @param environment the worker's own, with ANDROID_HOME; an allowed part of it is passed on
   * @param startLimit how long a server may take to answer
   */
  public AppiumServers(
      Children children, Path stateDir, Map<String, String> environment, Duration startLimit) {
    this.children = children;
    this.stateDir = stateDir.toAbsolutePath();
    this.environment = Map.copyOf(environment);
    this.startLimit = startLimit;
  }

  /**
   * A server that answers, started when it must be.
   *
   * @param home folder whose {@code node_modules} has Appium and its driver
   * @throws IOException when it cannot be had, with the reason
   */
  public AppiumServer.Address ensure(Path home) throws IOException, InterruptedException {
    AppiumServer server;
    synchronized (this) {
      server =
          servers.computeIfAbsent(
              home, h -> new AppiumServer(children, h, stateDir, environment, startLimit));
    }
    return server.ensure();
  }

  /** Whether the server of these packages is still the one at this address, and answers. */
  public boolean answers(Path home, AppiumServer.Address address) throws InterruptedException {
    AppiumServer server;
    synchronized (this) {
      server = servers.get(home);
    }
    return server != null && server.answers(address);
  }

  /** Ends those whose packages lie in this folder. */
  public void endIn(Path folder) {
    List<AppiumServer> gone = new ArrayList<>();
    synchronized (this) {
      servers
          .entrySet()
          .removeIf(
              entry -> {
                boolean there = entry.getKey().startsWith(folder);
                if (there) {
                  gone.add(entry.getValue());
                }
                return there;
              });
    }
    gone.forEach(AppiumServer::close);
  }

  /** Ends them all. */
  @Override
  public synchronized void close() {
    servers.values().forEach(AppiumServer::close);
    servers.clear();
  }
}
