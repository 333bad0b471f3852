package dev.qgjob.lab.faults.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a history. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.Submit.class, name = "submit"),
  @JsonSubTypes.Type(value = Event.Claim.class, name = "claim"),
  @JsonSubTypes.Type(value = Event.Finish.class, name = "finish"),
  @JsonSubTypes.Type(value = Event.Beat.class, name = "beat"),
  @JsonSubTypes.Type(value = Event.Register.class, name = "register"),
  @JsonSubTypes.Type(value = Event.Fault.class, name = "fault"),
  @JsonSubTypes.Type(value = Event.Run.class, name = "run"),
  @JsonSubTypes.Type(value = Event.Died.class, name = "died"),
  @JsonSubTypes.Type(value = Event.Left.class, name = "left"),
})
public sealed interface Event {
  /** When, on the history's time line. */
  Instant at();

  /**
   * A submission.
   *
   * @param key its idempotency key; a repeat has the same
   * @param runId what the server answered
   */
  record Submit(Instant at, Phase phase, String key, int jobs, @Nullable String runId, String why)
      implements Event {}

  /**
   * A claim, as it went over the worker's link. An answer that the worker did not get is INFO.
   *
   * @param granted ids of the jobs that the answer grants
   */
  record Claim(
      Instant at,
      Phase phase,
      String worker,
      String slot,
      String jobId,
      long generation,
      String token,
      List<String> granted,
      String why)
      implements Event {}

  /**
   * The report of an attempt's end.
   *
   * @param state the job's after it, where the server recorded it
   */
  record Finish(
      Instant at,
      Phase phase,
      String worker,
      String jobId,
      long generation,
      String token,
      String outcome,
      @Nullable String state,
      String why)
      implements Event {}

  /**
   * A beat. An answer that the worker did not get is INFO, and still says what the server holds.
   *
   * @param sent when it went to the server
   * @param goOn tokens with job ids (token/job) that live, by the answer
   */
  record Beat(Instant at, Phase phase, String worker, Instant sent, List<String> goOn)
      implements Event {}

  /**
   * A worker's registration: INVOKE when it was asked for, OK when it began an incarnation. One
   * that was refused, or had no answer, may have ended the leases of the incarnation before all the
   * same.
   *
   * @param incarnation 0 where the answer does not name one
   */
  record Register(Instant at, Phase phase, String worker, String workerId, long incarnation)
      implements Event {}

  /**
   * Something was done to the installation (INVOKE), or is over (OK).
   *
   * @param kind name of the fault
   * @param target which worker, broker, server or database
   */
  record Fault(Instant at, Phase phase, long id, String kind, String target, String detail)
      implements Event {}

  /** A stub worker began a job (INVOKE), ended it (OK), or stopped it (FAIL). */
  record Run(
      Instant at, Phase phase, String worker, long pid, String jobId, int attempt, String testPath)
      implements Event {}

  /** A process is gone. */
  record Died(Instant at, Phase phase, String worker, long pid) implements Event {}

  /** Counted at the end: things that should not be there. */
  record Left(Instant at, Phase phase, String what, long count) implements Event {}
}
