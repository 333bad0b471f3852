package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.health.Probe;
import dev.qgjob.worker.health.Recovery;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.slot.Begun;
import dev.qgjob.worker.slot.Holdings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a worker is made of.
 *
 * @param workerId the server's id for it
 * @param name its name, part of its slots' ids
 * @param stateProof secret of its state folder
 * @param registrations gives each registration its number, a higher one each time
 * @param clients makes a client of the server with a time limit for one request
 * @param executors who runs a target's jobs
 * @param begun notes what runs, for the next process
 * @param runs absolute folder for what runs leave behind until it is uploaded
 * @param mostPerClaim jobs of one group that a slot takes at once
 * @param drainTimeout how long what runs may go on after the worker was asked to end
 * @param nanoTime monotonic clock
 * @param random source of lease tokens, so unguessable
 * @param progressTimeout how long a run may go on without output or test event; zero: for ever
 * @param ward the health of the slots
 */
public record WorkerSettings(
    String workerId,
    String name,
    String stateProof,
    LongSupplier registrations,
    String version,
    Function<Duration, ApiClient> clients,
    Map<Target, Executor> executors,
    Holdings holdings,
    Begun begun,
    Path runs,
    int mostPerClaim,
    Duration drainTimeout,
    LongSupplier nanoTime,
    RandomGenerator random,
    Duration progressTimeout,
    Ward ward) {
  /** Long enough for a test that waits for something and says nothing. */
  public static final Duration USUAL_PROGRESS_TIMEOUT = Duration.ofMinutes(10);

  /** With the usual patience for runs that make no progress, and slots that are never probed. */
  public WorkerSettings(
      String workerId,
      String name,
      String stateProof,
      LongSupplier registrations,
      String version,
      Function<Duration, ApiClient> clients,
      Map<Target, Executor> executors,
      Holdings holdings,
      Begun begun,
      Path runs,
      int mostPerClaim,
      Duration drainTimeout,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this(
        workerId,
        name,
        stateProof,
        registrations,
        version,
        clients,
        executors,
        holdings,
        begun,
        runs,
        mostPerClaim,
        drainTimeout,
        nanoTime,
        random,
        USUAL_PROGRESS_TIMEOUT,
        new Ward(Probe.NONE, Recovery.NONE, nanoTime));
  }

  public WorkerSettings {
    executors = Map.copyOf(executors);
    if (!runs.isAbsolute()) {
      throw new IllegalArgumentException("the folder for runs must be absolute: " + runs);
    }
    if (progressTimeout.isNegative()) {
      throw new IllegalArgumentException("a negative time: " + progressTimeout);
    }
    if (mostPerClaim < 1) {
      throw new IllegalArgumentException("a claim takes at least one job, not " + mostPerClaim);
    }
  }
}
