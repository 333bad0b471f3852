package dev.qgjob.worker.slot;

import dev.qgjob.client.ApiProblem;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.worker.lease.LeaseWatch;
import dev.qgjob.worker.link.Backoff;
import dev.qgjob.worker.link.FinishAnswer;
import dev.qgjob.worker.link.LogAnswer;
import dev.qgjob.worker.link.WorkerApi;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server how an attempt ended: first its files, then the verdict, which is repeated until
 * it is answered or the lease is gone. A file that cannot be kept never changes a verdict.
 * Thread-safe.
 */
final class Reporter {
  private static final Logger log = LoggerFactory.getLogger(Reporter.class);

  /** Files beyond this many are left behind, with a remark. */
  static final int MOST_FILES = 100;

  private static final Duration MOST_TIME = Duration.ofMinutes(3);

  /** Lines of a log go to the server so much later than they are printed. */
  private static final Duration LIVE = Duration.ofSeconds(1);

  private final WorkerApi api;
  private final Outbox outbox;
  private final LeaseWatch leases;
  private final ExecutorService uploads;
  private final Duration beat;
  private final RandomGenerator random;

  Reporter(
      WorkerApi api,
      Outbox outbox,
      LeaseWatch leases,
      ExecutorService uploads,
      Duration beat,
      RandomGenerator random) {
    this.api = api;
    this.outbox = outbox;
    this.leases = leases;
    this.uploads = uploads;
    this.beat = beat;
    this.random = random;
  }

  /** Where the lines of an attempt that begins go, for as long as its lease lives. */
  LiveLog liveLog(Grant grant, String token) {
    LeaseRef lease = new LeaseRef(grant.jobId(), grant.generation(), token);
    return new LiveLog(
        (from, piece) ->
            leases.proven(lease)
                ? api.append(grant.jobId(), grant.attempt(), token, from, piece)
                : LogAnswer.UNCLEAR,
        LIVE,
        uploads);
  }

  /**
   * Reports the end of an attempt, unless its lease is gone: keeps its files before it returns, and
   * completes the answer when the verdict is told, or cannot be told any more.
   *
   * @param hostEvent whether it broke because the host lost several slots at once; waited for
   */
  CompletableFuture<Void> report(
      RunningJob job, Outcome outcome, CompletableFuture<Boolean> hostEvent)
      throws InterruptedException {
    if (stoppedFor(job, StopCause.LEASE_LOST) || !leases.proven(job.lease())) {
      log.warn("job {}: its lease is gone, nothing is reported", job.jobId());
      return CompletableFuture.completedFuture(null);
    }
    // what the server asked to stop has no lease there any more, and its files are refused
    List<String> remarks =
        stoppedFor(job, StopCause.ASKED) ? List.of() : upload(job, outcome.details().artefacts());
    return hostEvent.thenCompose(
        lostTogether -> tell(job, outcome, Reports.of(job, outcome, remarks, lostTogether)));
  }

  private static boolean stoppedFor(RunningJob job, StopCause cause) {
    return job.stopped().filter(stop -> stop.cause() == cause).isPresent();
  }

  private CompletableFuture<Void> tell(RunningJob job, Outcome outcome, Finish finish) {
    say(job, outcome, finish);
    return outbox
        .send(job.jobId(), finish)
        .thenCompose(
            answer ->
                isClear(job, answer)
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.runAsync(() -> insist(job, finish, answer), uploads));
  }

  private static void say(RunningJob job, Outcome outcome, Finish finish) {
    log.info(
        "job {}: {} {} in {} s (set-up {} s, installs {}){}",
        job.jobId(),
        job.grant().run().testPath(),
        finish.outcome(),
        seconds(outcome.details().run()),
        seconds(outcome.details().setUp()),
        finish.installs(),
        finish.message() == null ? "" : ": " + finish.message());
  }

  private static String seconds(Duration duration) {
    long tenths = Math.round(duration.toMillis() / 100.0);
    return tenths / 10 + "." + tenths % 10;
  }

  /** Recorded, or void for good. */
  private static boolean isClear(RunningJob job, FinishAnswer answer) {
    if (answer instanceof FinishAnswer.Recorded recorded) {
      if (recorded.state() == JobState.QUEUED) {
        log.info("job {}: will be tried again", job.jobId());
      }
      return true;
    }
    if (answer instanceof FinishAnswer.Fenced fenced) {
      log.warn("job {}: the result counts for nothing: {}", job.jobId(), fenced.reason());
      return true;
    }
    return false;
  }

  /** Repeats it until the answer is clear or the lease is gone. Ends when the interrupt comes. */
  private void insist(RunningJob job, Finish first, FinishAnswer firstAnswer) {
    try {
      Backoff backoff = new Backoff(Duration.ofMillis(50), beat, random);
      Finish finish = first;
      FinishAnswer answer = firstAnswer;
      boolean told = false;
      while (!isClear(job, answer)) {
        if (answer instanceof FinishAnswer.Refused refused) {
          log.error("job {}: the result was refused: {}", job.jobId(), refused.reason());
          if (finish != first) {
            return;
          }
          finish = Reports.unreportable(job, first, refused.reason());
        }
        if (answer instanceof FinishAnswer.Unclear unclear) {
          if (!told) {
            log.warn("job {}: reporting again: {}", job.jobId(), unclear.reason());
            told = true;
          }
          TimeUnit.NANOSECONDS.sleep(backoff.next(unclear.retryAfter()).toNanos());
        }
        if (!leases.proven(job.lease())) {
          log.warn("job {}: its lease ended before its result could be reported", job.jobId());
          return;
        }
        answer = outbox.send(job.jobId(), finish).get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer always comes", e);
    }
  }

  private List<String> upload(RunningJob job, List<Artefact> artefacts)
      throws InterruptedException {
    List<String> remarks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int kept = 0;
    for (Artefact artefact : artefacts) {
      if (kept == MOST_FILES) {
        remarks.add((artefacts.size() - kept) + " more files were not kept");
        break;
      }
      try {
        long size = Files.size(artefact.file());
        if (size > Artefact.MOST_BYTES) {
          remarks.add(artefact.name() + " was not kept: " + (size >> 20) + " MiB are too much");
          continue;
        }
        upload(job, artefact, flat(artefact.name(), names));
        kept++;
      } catch (IOException | ApiProblem e) {
        log.warn("job {}: {} was not kept: {}", job.jobId(), artefact.name(), e.getMessage());
        remarks.add(artefact.name() + " was not kept");
      }
    }
    return remarks;
  }

  /** One file, for as long as the lease lives: a dead connection must not outlive it. */
  private void upload(RunningJob job, Artefact artefact, String name)
      throws IOException, InterruptedException {
    Future<?> upload =
        uploads.submit(
            () ->
                api.upload(
                    job.jobId(),
                    job.grant().attempt(),
                    name,
                    job.lease().token(),
                    artefact.file(),
                    artefact.contentType()));
    try {
      long left = MOST_TIME.toMillis();
      while (left > 0 && leases.proven(job.lease())) {
        long step = Math.min(left, Math.max(50, beat.toMillis()));
        try {
          upload.get(step, TimeUnit.MILLISECONDS);
          return;
        } catch (TimeoutException e) {
          left -= step;
        }
      }
      throw new IOException("it took too long");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiProblem refused) {
        throw refused;
      }
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } finally {
      upload.cancel(true);
    }
  }

  /** Names are one segment of an address, and differ within an attempt. */
  private static String flat(String name, Set<String> taken) {
    String flat = name.replaceAll("[^A-Za-z0-9._ -]+", "-");
    if (flat.isBlank() || flat.startsWith(".")) {
      flat = "file" + flat;
    }
    String unique = flat;
    for (int i = 2; !taken.add(unique); i++) {
      unique = i + "-" + flat;
    }
    return unique;
  }
}
