package dev.qgjob.worker.link;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.lease.Granted;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * What a worker asks of the server. Thread-safe. Claims and beats have a short time limit, since a
 * repeat costs little and an answer that was lost should cost little too.
 */
public final class WorkerApi {
  private final String workerId;
  private final ApiClient claims;
  private final ApiClient brief;
  private final ApiClient patient;

  /**
   * @param clients makes a client with the given time limit for one request
   * @param lease length of a lease: limits are shares of it
   */
  public WorkerApi(String workerId, Function<Duration, ApiClient> clients, Duration lease) {
    this.workerId = workerId;
    this.claims = clients.apply(within(lease.dividedBy(10), 150, 5_000));
    this.brief = clients.apply(within(lease.dividedBy(6), 200, 5_000));
    this.patient = clients.apply(within(lease.dividedBy(4), 500, 10_000));
  }

  private static Duration within(Duration wanted, long leastMs, long mostMs) {
    return Duration.ofMillis(Math.max(leastMs, Math.min(mostMs, wanted.toMillis())));
  }

  /**
   * Registers the worker, which begins a new incarnation.
   *
   * @throws ApiProblem when refused
   * @throws Unreachable when no answer came
   */
  public static WorkerRegistered register(
      ApiClient client, String workerId, RegisterWorker registration) {
    return client.post(
        "/workers/" + segment(workerId) + "/registration", registration, WorkerRegistered.class);
  }

  /** Ends an incarnation whose slots are empty. */
  public void deregister(long incarnation) {
    patient.delete("/workers/" + segment(workerId) + "/registration?incarnation=" + incarnation);
  }

  /** Sends one beat. */
  public BeatResult beat(Beat beat) {
    try {
      return new BeatResult.Answered(
          brief.post("/workers/" + segment(workerId) + "/beat", beat, BeatAnswer.class));
    } catch (ApiProblem e) {
      return e.status() == 404 || e.status() == 409
          ? new BeatResult.NotRegistered(told(e))
          : new BeatResult.NoAnswer(told(e));
    } catch (Unreachable e) {
      return new BeatResult.NoAnswer(told(e));
    }
  }

  /** Asks for a job; the same claim again gets the same grant. */
  public ClaimAnswer claim(Claim claim) {
    try {
      return new ClaimAnswer.Won(
          claims.post("/workers/" + segment(workerId) + "/claims", claim, Granted.class));
    } catch (ApiProblem e) {
      return claimProblem(e);
    } catch (Unreachable e) {
      return new ClaimAnswer.Unclear(told(e), Duration.ZERO);
    }
  }

  private static ClaimAnswer claimProblem(ApiProblem e) {
    return switch (e.status()) {
      case 400, 422 -> new ClaimAnswer.Lost(told(e));
      case 404 ->
          e.problem().type().equals("unknown-job") ? new ClaimAnswer.Lost(told(e)) : unclear(e);
      // any other conflict speaks of the worker and not of the job: the next beat will tell
      case 409 ->
          e.problem().type().equals("claim-lost") ? new ClaimAnswer.Lost(told(e)) : unclear(e);
      default -> unclear(e);
    };
  }

  private static ClaimAnswer unclear(ApiProblem e) {
    return new ClaimAnswer.Unclear(told(e), e.retryAfter().orElse(Duration.ZERO));
  }

  /** Reports the end of an attempt. */
  public FinishAnswer finish(String jobId, Finish finish) {
    try {
      return new FinishAnswer.Recorded(
          patient.post("/jobs/" + segment(jobId) + "/finish", finish, Finished.class).state());
    } catch (ApiProblem e) {
      return switch (e.status()) {
        case 404, 409 -> new FinishAnswer.Fenced(told(e));
        case 400, 413, 422 -> new FinishAnswer.Refused(told(e));
        default -> new FinishAnswer.Unclear(told(e), e.retryAfter().orElse(Duration.ZERO));
      };
    } catch (Unreachable e) {
      return new FinishAnswer.Unclear(told(e), Duration.ZERO);
    }
  }

  /**
   * Uploads a file of an attempt; takes as long as it moves, and ends when interrupted.
   *
   * @throws ApiProblem when refused
   * @throws Unreachable when the connection broke
   */
  public void upload(
      String jobId, int attempt, String name, String leaseToken, Path file, String contentType) {
    patient.put(
        "/jobs/" + segment(jobId) + "/artefacts/" + attempt + "/" + segment(name),
        file,
        contentType,
        Map.of(Paths.LEASE_TOKEN, leaseToken));
  }

  /** Downloads a blob; {@code target} appears only when it is whole. */
  public void download(String sha256, Path target) throws IOException {
    patient.download("/blobs/" + segment(sha256), target);
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String told(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
