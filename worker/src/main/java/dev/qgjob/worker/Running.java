package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.health.Metrics;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.slot.Begun;
import dev.qgjob.worker.workspace.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** One run of the process: equipment, worker, signals. */
final class Running {
  private static final Duration BLOB_ANSWER = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Running.class);

  private Running() {}

  /** Runs until asked to end; the process's exit code. */
  static int run(StateFolder state, Credentials credentials, RunOptions options)
      throws InterruptedException {
    Map<String, String> environment = System.getenv();
    SlotSource source = options.source(environment, state.path());
    ApiClient blobs = client(credentials, BLOB_ANSWER);
    CloudPlan cloud = options.cloud(environment);
    Ward ward = options.ward(environment, cloud.parallels());
    Optional<Metrics> metrics = options.metrics(ward);
    metrics.ifPresent(it -> log.info("metrics at http://127.0.0.1:{}/metrics", it.port()));
    try (Equipment equipment =
        new Equipment(
            state.path(),
            blobs,
            environment,
            options.needsPhones(),
            cloud,
            options.cacheLimit(),
            ward::uninstalled)) {
      WorkerSettings settings =
          new WorkerSettings(
              credentials.workerId(),
              credentials.name(),
              state.proof(),
              state.registrations(),
              WorkerMain.Version.text(),
              timeout -> client(credentials, timeout),
              equipment.executors(),
              equipment::holdings,
              new Begun(state.path().resolve("begun")),
              emptied(state.path().resolve("runs")),
              options.batch(),
              options.drainTimeout(),
              System::nanoTime,
              new SecureRandom(),
              options.progressTimeout(),
              ward);
      Worker worker = new Worker(settings, source);
      obeySignals(worker);
      return worker.run() == Worker.End.DRAINED ? 0 : 1;
    } finally {
      metrics.ifPresent(Metrics::close);
    }
  }

  private static ApiClient client(Credentials credentials, Duration timeout) {
    return new ApiClient(credentials.server(), credentials.token(), timeout);
  }

  /** The first signal lets running jobs finish, the next one stops them. */
  static void obeySignals(Worker worker) {
    AtomicBoolean asked = new AtomicBoolean();
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (asked.getAndSet(true)) {
              worker.cancel();
            } else {
              worker.drain();
            }
          });
    }
  }

  /** What an earlier worker's runs left behind belongs to nobody now. */
  private static Path emptied(Path folder) {
    try {
      Folders.remove(folder); // whatever specs made of it
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new Unusable(folder + " cannot be emptied: " + e);
    }
  }
}
