package dev.qgjob.worker.browserstack;

import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.process.ProcessListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * BrowserStack's own program {@code BrowserStackLocal}, by which phones there reach what this host
 * reaches, under an identifier of this worker's. It is started again when it ends, and ends with
 * the worker, however that ends. Thread-safe.
 */
public final class LocalTunnel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalTunnel.class);
  private static final String READY = "You can now access your local server(s)";
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Children children;
  private final Path program;
  private final Account account;
  private final Path folder;
  private final Map<String, String> environment;
  private final Duration firstPause;
  private final String identifier = "qgjob-" + UUID.randomUUID();
  private final ScheduledExecutorService starter = newStarter();

  // guarded by this
  private @Nullable Child child;
  private boolean ready;
  private boolean closed;
  private String last = "it is starting";
  private Duration pause;

  /**
   * Starts the program.
   *
   * @param folder for its log
   */
  public LocalTunnel(
      Children children,
      Path program,
      Account account,
      Path folder,
      Map<String, String> environment) {
    this(children, program, account, folder, environment, Duration.ofSeconds(1));
  }

  LocalTunnel(
      Children children,
      Path program,
      Account account,
      Path folder,
      Map<String, String> environment,
      Duration firstPause) {
    this.children = children;
    this.program = program.toAbsolutePath();
    this.account = account;
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.firstPause = firstPause;
    this.pause = firstPause;
    starter.execute(this::start);
  }

  private static ScheduledExecutorService newStarter() {
    ScheduledThreadPoolExecutor one =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "browserstack-local");
              thread.setDaemon(true);
              return thread;
            });
    one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return one;
  }

  /** What sessions ask for, of {@code bstack:options}, so that they use it. */
  public Map<String, Object> options() {
    return Map.of("local", true, "localIdentifier", identifier);
  }

  /** Why no session is to begin now, for people; empty when it is up. */
  public synchronized Optional<String> hindrance() {
    return ready ? Optional.empty() : Optional.of("BrowserStackLocal is not up: " + last);
  }

  private synchronized void start() {
    if (closed) {
      return;
    }
    Map<String, String> all = new HashMap<>(CleanEnvironment.from(environment, folder));
    all.put("BROWSERSTACK_ACCESS_KEY", account.key());
    Command command =
        new Command(
            List.of(program.toString(), "--key", account.key(), "--local-identifier", identifier),
            folder,
            all,
            null,
            folder.resolve("browserstack-local.log"));
    try {
      child = children.start(command, heard());
    } catch (IOException e) {
      last = "it cannot be started: " + e.getMessage();
      again();
    }
  }

  private ProcessListener heard() {
    return new ProcessListener() {
      @Override
      public void onLine(String line) {
        said(line);
      }

      @Override
      public void onExit(Exit exit) {
        ended();
      }
    };
  }

  private synchronized void said(String line) {
    if (line.contains(READY)) {
      log.info("BrowserStackLocal is up as {}", identifier);
      ready = true;
      pause = firstPause;
    } else if (!line.isBlank()) {
      last = line.strip().replace(account.key(), "***");
    }
  }

  private synchronized void ended() {
    ready = false;
    child = null;
    if (!closed) {
      log.warn("BrowserStackLocal ended and is started again: {}", last);
      again();
    }
  }

  private synchronized void again() {
    var unused = starter.schedule(this::start, pause.toMillis(), TimeUnit.MILLISECONDS);
    Duration next = pause.multipliedBy(2);
    pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
  }

  @Override
  public void close() {
    Child running;
    synchronized (this) {
      closed = true;
      running = child;
    }
    starter.shutdownNow();
    if (running != null) {
      running.kill();
    }
  }
}
