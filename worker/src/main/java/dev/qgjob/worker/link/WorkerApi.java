package dev.qgjob.worker.link;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.FinishAnswers;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.lease.Finishes;
import dev.qgjob.protocol.lease.Granted;
import dev.qgjob.protocol.lease.JobFinish;
import dev.qgjob.protocol.lease.JobFinished;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a worker asks of the server. Thread-safe. Claims and beats have a short time limit, since a
 * repeat costs little and an answer that was lost should cost little too.
 */
public final class WorkerApi {
  private static final int LONGEST_QUEUE = 200;

  private final String workerId;
  private final List<ApiClient> claims;
  private final List<ApiClient> beats;
  private final ApiClient brief;
  private final ApiClient patient;

  /**
   * @param clients makes a client with the given time limit for one request
   * @param lease length of a lease: limits are shares of it
   */
  public WorkerApi(String workerId, Function<Duration, ApiClient> clients, Duration lease) {
    this.workerId = workerId;
    this.brief = clients.apply(within(lease.dividedBy(6), 200, 5_000));
    this.patient = clients.apply(within(lease.dividedBy(4), 500, 10_000));
    ApiClient lasting = clients.apply(within(lease.dividedBy(2), 1_000, 20_000));
    this.beats = List.of(brief, patient, lasting);
    this.claims = List.of(clients.apply(within(lease.dividedBy(10), 150, 5_000)), patient, lasting);
  }

  /**
   * The first try is short, since what was lost should cost little; later ones give a server that
   * is slow the time that it needs, instead of asking it ever more of the same.
   */
  private static ApiClient of(List<ApiClient> clients, int patience) {
    return clients.get(Math.min(patience, clients.size() - 1));
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

  /**
   * Sends one beat.
   *
   * @param patience 0 and more: how long the answer may take, by how the beats before it fared
   */
  public BeatResult beat(Beat beat, int patience) {
    try {
      return new BeatResult.Answered(
          of(beats, patience)
              .post("/workers/" + segment(workerId) + "/beat", beat, BeatAnswer.class));
    } catch (ApiProblem e) {
      return !e.foreign() && (e.status() == 404 || e.status() == 409)
          ? new BeatResult.NotRegistered(told(e))
          : new BeatResult.NoAnswer(told(e));
    } catch (Unreachable e) {
      return new BeatResult.NoAnswer(told(e));
    }
  }

  /**
   * Tells of a message that could not be read; false where it has to be told again. A server that
   * refuses to hear it has heard it.
   */
  boolean reject(String queue, String reason, @Nullable String excerpt) {
    try {
      brief.tell(
          "/workers/" + segment(workerId) + "/rejections",
          new Rejection(
              line(queue, LONGEST_QUEUE),
              line(reason, Rejection.LONGEST_REASON),
              excerpt == null ? null : cut(excerpt, Rejection.LONGEST_EXCERPT)));
      return true;
    } catch (ApiProblem e) {
      return !e.foreign() && !e.passing() && e.status() != 401;
    } catch (Unreachable e) {
      return false;
    }
  }

  private static String line(String text, int most) {
    String line = cut(text.replaceAll("[^ -~]+", ".").strip(), most).strip();
    return line.isEmpty() ? "-" : line;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  /**
   * Asks for a job; the same claim again gets the same grant.
   *
   * @param late how often the answer did not come in time
   */
  public ClaimAnswer claim(Claim claim, int late) {
    try {
      return new ClaimAnswer.Won(
          of(claims, late).post("/workers/" + segment(workerId) + "/claims", claim, Granted.class));
    } catch (ApiProblem e) {
      return claimProblem(e);
    } catch (Unreachable e) {
      return new ClaimAnswer.Unclear(told(e), Duration.ZERO, e.late());
    }
  }

  private static ClaimAnswer claimProblem(ApiProblem e) {
    if (e.foreign()) {
      return unclear(e);
    }
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
    return new ClaimAnswer.Unclear(told(e), e.retryAfter().orElse(Duration.ZERO), false);
  }

  /** Reports the end of an attempt. */
  public FinishAnswer finish(String jobId, Finish finish) {
    try {
      return new FinishAnswer.Recorded(
          patient.post("/jobs/" + segment(jobId) + "/finish", finish, Finished.class).state());
    } catch (ApiProblem e) {
      return switch (e.foreign() ? 0 : e.status()) {
        case 404, 409 -> new FinishAnswer.Fenced(told(e));
        case 400, 413, 422 -> new FinishAnswer.Refused(told(e));
        default -> new FinishAnswer.Unclear(told(e), e.retryAfter().orElse(Duration.ZERO));
      };
    } catch (Unreachable e) {
      return new FinishAnswer.Unclear(told(e), Duration.ZERO);
    }
  }

  /**
   * Reports the ends of several attempts, each job's once, in one request.
   *
   * @return the answers, in the order of the finishes; empty where they cannot be told together,
   *     since one of them is not as the server wants it, or since it is a server that takes them
   *     one by one only
   */
  public Optional<List<FinishAnswer>> finishAll(List<JobFinish> finishes) {
    try {
      Map<String, JobFinished> byJob = new HashMap<>();
      patient
          .post(
              "/workers/" + segment(workerId) + "/finishes",
              new Finishes(finishes),
              FinishAnswers.class)
          .answers()
          .forEach(one -> byJob.put(one.jobId(), one));
      return Optional.of(
          finishes.stream().map(finish -> answer(byJob.get(finish.jobId()))).toList());
    } catch (ApiProblem e) {
      return switch (e.foreign() ? 0 : e.status()) {
        case 400, 404, 405, 413, 422 -> Optional.empty();
        default -> all(finishes, told(e), e.retryAfter().orElse(Duration.ZERO));
      };
    } catch (Unreachable e) {
      return all(finishes, told(e), Duration.ZERO);
    }
  }

  private static FinishAnswer answer(@Nullable JobFinished one) {
    if (one == null) {
      return new FinishAnswer.Unclear("the answer leaves it out", Duration.ZERO);
    }
    JobState state = one.state();
    return state == null
        ? new FinishAnswer.Fenced(String.valueOf(one.reason()))
        : new FinishAnswer.Recorded(state);
  }

  private static Optional<List<FinishAnswer>> all(
      List<JobFinish> finishes, String reason, Duration retryAfter) {
    FinishAnswer unclear = new FinishAnswer.Unclear(reason, retryAfter);
    return Optional.of(finishes.stream().map(finish -> unclear).toList());
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

  /**
   * Takes a piece of a running attempt's log to the server.
   *
   * @param from how many bytes of the log came before
   */
  public LogAnswer append(String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    try {
      brief.tell(
          "/jobs/" + segment(jobId) + "/logs/" + attempt,
          piece,
          Map.of(Paths.LEASE_TOKEN, leaseToken, Paths.UPLOAD_OFFSET, Integer.toString(from)));
      return LogAnswer.TAKEN;
    } catch (ApiProblem e) {
      return e.foreign() || e.passing() ? LogAnswer.UNCLEAR : LogAnswer.REFUSED;
    } catch (Unreachable e) {
      return LogAnswer.UNCLEAR;
    }
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
