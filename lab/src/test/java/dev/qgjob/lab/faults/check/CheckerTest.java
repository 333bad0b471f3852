package dev.qgjob.lab.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each rule is broken by hand, and its figure must say so, and no other. */
class CheckerTest {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Event> events = new ArrayList<>();
  private final List<Rows.Job> jobs = new ArrayList<>();
  private final List<Rows.Attempt> attempts = new ArrayList<>();
  private final List<Rows.Result> results = new ArrayList<>();
  private final List<Rows.Requeue> requeues = new ArrayList<>();

  private static Instant at(double seconds) {
    return T0.plusNanos((long) (seconds * 1e9));
  }

  private void accepted(String key, String run, int count) {
    events.add(new Event.Submit(at(0), Phase.OK, key, count, run, ""));
  }

  private void job(String id, String state, int attempt) {
    job(id, "run-1", state, attempt, "stub/run-40ms.spec.js", false);
  }

  private void job(String id, String run, String state, int attempt, String spec, boolean leased) {
    jobs.add(new Rows.Job(id, run, "key-1", spec, state, attempt, attempt, attempt, leased));
  }

  private void attempt(String job, int number, String worker, double start) {
    attempts.add(
        new Rows.Attempt(job, number, number, "t" + number, worker + ":emulator:1", at(start)));
  }

  private void result(String job, int number, String outcome, double end, double leaseUntil) {
    results.add(new Rows.Result(job, number, outcome, "", at(end), at(leaseUntil)));
  }

  private void lost(String job, int generation, double at, String reason, boolean shared) {
    requeues.add(new Rows.Requeue(job, generation, reason, "w1:emulator:1", shared, at(at)));
  }

  private void fault(String kind, String target, double from, double to) {
    long id = events.size() + 1;
    events.add(new Event.Fault(at(from), Phase.INVOKE, id, kind, target, ""));
    events.add(new Event.Fault(at(to), Phase.OK, id, kind, target, ""));
  }

  private void beats(String worker, double from, double to) {
    for (double at = from; at < to; at += 0.5) {
      events.add(new Event.Beat(at(at), Phase.OK, worker, at(at), List.of()));
    }
  }

  private void finish(String job, long generation, @Nullable String state) {
    events.add(
        new Event.Finish(
            at(3), Phase.OK, "w1", job, generation, "t" + generation, "passed", state, ""));
  }

  private void ran(String worker, long pid, String job, int attempt, double from, double to) {
    events.add(new Event.Run(at(from), Phase.INVOKE, worker, pid, job, attempt, "x"));
    if (to > 0) {
      events.add(new Event.Run(at(to), Phase.OK, worker, pid, job, attempt, "x"));
    }
  }

  private List<String> fallsShort() {
    return new Checker(LEASE, events, new Rows(jobs, attempts, results, requeues))
        .findings().stream()
            .filter(finding -> !finding.bar().holds())
            .map(finding -> finding.bar().name())
            .toList();
  }

  private double value(String name) {
    return new Checker(LEASE, events, new Rows(jobs, attempts, results, requeues))
        .findings().stream()
            .filter(finding -> finding.bar().name().equals(name))
            .findFirst()
            .orElseThrow()
            .bar()
            .value();
  }

  @Test
  void aJobThatRanOnceAndOneThatWasInterruptedBreakNoRule() {
    accepted("key-1", "run-1", 2);
    job("j1", "PASSED", 1);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "PASSED", 1.1, 3);
    job("j2", "PASSED", 2);
    attempt("j2", 1, "w1", 1);
    events.add(new Event.Died(at(1.5), Phase.INFO, "w1", 7));
    result("j2", 1, "ERROR", 3.2, 3);
    lost("j2", 2, 3.2, "LEASE_LOST", true);
    attempt("j2", 2, "w2", 4);
    result("j2", 2, "PASSED", 4.1, 6);
    assertThat(fallsShort()).isEmpty();
    assertThat(value("fault to queued again, p99")).isEqualTo(0.85);
    assertThat(value("fault to running again, p95")).isEqualTo(1.25);
  }

  @Test
  void anAcceptedJobWithoutAVerdict() {
    accepted("key-1", "run-1", 1);
    job("j1", "QUEUED", 1);
    assertThat(fallsShort())
        .contains("accepted submissions without a verdict")
        .doesNotContain("submissions taken twice");
  }

  @Test
  void anAcceptedRunThatIsNotThere() {
    accepted("key-1", "run-1", 1);
    assertThat(fallsShort()).containsExactly("accepted submissions without a verdict");
  }

  @Test
  void aJobOfASubmissionThatNobodyWaitedForCountsToo() {
    job("j1", "RUNNING", 1);
    assertThat(fallsShort()).contains("accepted submissions without a verdict");
  }

  @Test
  void aRepeatThatMadeAnotherRun() {
    accepted("key-1", "run-1", 1);
    accepted("key-1", "run-2", 1);
    job("j1", "PASSED", 1);
    job("j2", "run-2", "PASSED", 1, "run-1ms.spec.js", false);
    assertThat(fallsShort()).containsExactly("submissions taken twice");
  }

  @Test
  void twoResultsOfOneAttempt() {
    job("j1", "PASSED", 1);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "PASSED", 1.1, 3);
    result("j1", 1, "PASSED", 1.2, 3);
    assertThat(fallsShort()).containsExactly("jobs with two recorded results");
  }

  @Test
  void anAttemptAfterTheOneThatPassed() {
    job("j1", "PASSED", 2);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "PASSED", 1.1, 3);
    attempt("j1", 2, "w1", 2);
    result("j1", 2, "PASSED", 2.1, 4);
    assertThat(fallsShort()).containsExactly("jobs with two recorded results");
  }

  @Test
  void twoReportsThatBothWereRecorded() {
    job("j1", "PASSED", 2);
    finish("j1", 1, "passed");
    finish("j1", 2, "passed");
    assertThat(fallsShort()).containsExactly("jobs with two recorded results");
  }

  @Test
  void aReportThatWasTakenForAnAttemptThatHadEndedOtherwise() {
    job("j1", "PASSED", 2);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "ERROR", 3.2, 3);
    finish("j1", 1, "passed");
    assertThat(fallsShort())
        .containsExactlyInAnyOrder(
            "jobs with two recorded results", "results accepted under an expired lease");
  }

  @Test
  void oneReportThatWasRepeatedIsOne() {
    job("j1", "PASSED", 1);
    finish("j1", 1, "passed");
    finish("j1", 1, "passed");
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void aResultUnderAnExpiredLease() {
    job("j1", "PASSED", 1);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "PASSED", 3.2, 3);
    assertThat(fallsShort()).containsExactly("results accepted under an expired lease");
  }

  @Test
  void aStartBeforeTheAttemptBeforeHadEnded() {
    job("j1", "PASSED", 2);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "ERROR", 3.2, 3);
    lost("j1", 2, 3.2, "LEASE_LOST", true);
    attempt("j1", 2, "w2", 3.1);
    result("j1", 2, "PASSED", 3.3, 5);
    assertThat(fallsShort())
        .containsExactly("starts before the lease of the generation before had ended");
  }

  @Test
  void aLeaseThatIsTakenAwayBeforeItsTime() {
    job("j1", "PASSED", 2);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "ERROR", 1.5, 3);
    lost("j1", 2, 1.5, "LEASE_LOST", true);
    attempt("j1", 2, "w2", 2);
    result("j1", 2, "PASSED", 2.1, 4);
    assertThat(fallsShort())
        .containsExactly("starts before the lease of the generation before had ended");
    events.add(new Event.Register(at(1.5), Phase.OK, "w1", "wrk_1", 2));
    assertThat(fallsShort()).as("a worker that began anew has ended its own leases").isEmpty();
  }

  @Test
  void aWorkerWhoseRegistrationFailedAtTheBrokerHasEndedItsOwnLeasesToo() {
    job("j1", "PASSED", 2);
    attempt("j1", 1, "w1", 1);
    result("j1", 1, "ERROR", 1.5, 3);
    lost("j1", 2, 1.5, "LEASE_LOST", true);
    attempt("j1", 2, "w2", 2);
    result("j1", 2, "PASSED", 2.1, 4);
    events.add(new Event.Register(at(1.4), Phase.INVOKE, "w1", "", 0));
    events.add(new Event.Register(at(9), Phase.INFO, "w1", "", 0));
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void twoRunsOfOneJobAtOnce() {
    ran("w1", 1, "j1", 1, 1, 5);
    ran("w2", 2, "j1", 2, 4, 6);
    assertThat(fallsShort()).containsExactly("runs of one job at once, but for frozen workers");
    fault("worker-freeze", "w1", 2, 4.9);
    assertThat(fallsShort()).as("who stands still cannot stop").isEmpty();
  }

  @Test
  void aRunThatBeginsAsItsWorkerThawsIsTheOneOfAWorkerThatStoodStill() {
    ran("w2", 2, "j1", 2, 4, 6);
    ran("w1", 1, "j1", 1, 5, 5.1);
    assertThat(fallsShort()).containsExactly("runs of one job at once, but for frozen workers");
    fault("worker-freeze", "w2", 2, 4.5);
    assertThat(fallsShort()).as("not the newer attempt's worker").isNotEmpty();
    fault("worker-freeze", "w1", 2, 4.95);
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void aRunEndsWithItsWorkersProcess() {
    ran("w1", 1, "j1", 1, 1, 0);
    events.add(new Event.Died(at(2), Phase.INFO, "w1", 1));
    ran("w2", 2, "j1", 2, 4, 6);
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void aBeatThatRevivesAnExpiredLease() {
    events.add(new Event.Claim(at(1), Phase.OK, "w1", "s", "j1", 1, "t1", List.of("j1"), ""));
    events.add(new Event.Beat(at(2.1), Phase.OK, "w1", at(2), List.of("t1/j1")));
    assertThat(fallsShort()).isEmpty();
    events.add(new Event.Beat(at(4.3), Phase.INFO, "w1", at(4.2), List.of("t1/j1")));
    assertThat(fallsShort()).containsExactly("expired leases that a beat revived");
  }

  @Test
  void aMessageThatIsLostWithoutAReason() {
    job("j1", "PASSED", 1);
    lost("j1", 2, 20, "MESSAGE_LOST", false);
    beats("w1", 13, 21);
    String rule = "requeues by the 'no slot reports it' rule without a fault of broker or worker";
    assertThat(fallsShort()).containsExactly(rule);
    events.add(new Event.Died(at(18), Phase.INFO, "w1", 1));
    assertThat(fallsShort()).as("it was handed to a worker that died").isEmpty();
    lost("j1", 3, 20, "MESSAGE_LOST", true);
    assertThat(fallsShort()).as("what all share returns when one dies").containsExactly(rule);
    fault("broker-kill", "broker", 16, 17);
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void aMessageThatIsLostBeforeAnySlotReportedIt() {
    job("j1", "PASSED", 1);
    requeues.add(new Rows.Requeue("j1", 2, "MESSAGE_LOST", null, true, at(20)));
    beats("w1", 13, 21);
    beats("w2", 13, 21);
    events.add(new Event.Died(at(18), Phase.INFO, "w1", 1));
    assertThat(fallsShort())
        .as("what all share returns when one dies")
        .containsExactly(
            "requeues by the 'no slot reports it' rule without a fault of broker or worker");
    fault("api-black-hole", "w2", 16, 17);
    assertThat(fallsShort()).as("it may have been with that one").isEmpty();
  }

  @Test
  void thatTheDeadDoNotBeatExplainsNothing() {
    job("j1", "PASSED", 1);
    lost("j1", 2, 20, "MESSAGE_LOST", true);
    beats("w1", 13, 17);
    assertThat(fallsShort()).isEmpty();
    events.add(new Event.Died(at(17), Phase.INFO, "w1", 1));
    assertThat(fallsShort())
        .containsExactly(
            "requeues by the 'no slot reports it' rule without a fault of broker or worker");
  }

  @Test
  void aWorkerThatCouldNotBeatHasLostItsMessages() {
    job("j1", "PASSED", 1);
    lost("j1", 2, 20, "MESSAGE_LOST", false);
    beats("w1", 13, 17);
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void poisonThatGetsAnotherNumberOfAttempts() {
    job("j1", "run-1", "ERROR", 3, "stub/kill-worker-30ms-n1.spec.js", false);
    assertThat(fallsShort()).isEmpty();
    job("j2", "run-1", "ERROR", 4, "stub/kill-worker-30ms-n2.spec.js", false);
    assertThat(fallsShort())
        .containsExactly("poison jobs that do not end as error after three attempts");
  }

  @Test
  void poisonIsNotChargedWithAttemptsThatEndedWhileNobodyWasThere() {
    job("j1", "run-1", "ERROR", 4, "stub/kill-worker-30ms-n1.spec.js", false);
    lost("j1", 2, 3.2, "INTERRUPTED", true);
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void anInnocentJobThatEndsAsError() {
    job("j1", "ERROR", 3);
    assertThat(fallsShort()).containsExactly("other jobs that end as they should not");
  }

  @Test
  void aSlowRequeueCountsOnlyWhileTheInfrastructureIsUp() {
    job("j1", "PASSED", 2);
    attempt("j1", 1, "w1", 1);
    events.add(new Event.Died(at(1.5), Phase.INFO, "w1", 7));
    result("j1", 1, "ERROR", 6, 3);
    lost("j1", 2, 6, "LEASE_LOST", true);
    attempt("j1", 2, "w2", 8);
    result("j1", 2, "PASSED", 8.1, 10);
    assertThat(fallsShort())
        .containsExactly("fault to queued again, p99", "fault to running again, p95");
    fault("server-kill", "server-1", 2, 5);
    assertThat(fallsShort()).isEmpty();
  }

  @Test
  void aLostClaimAnswerThatCostsALease() {
    events.add(
        new Event.Claim(at(1), Phase.INFO, "w1", "s", "j1", 1, "t1", List.of("j1"), "lost: 200 "));
    events.add(new Event.Claim(at(1.2), Phase.OK, "w1", "s", "j1", 1, "t1", List.of("j1"), ""));
    assertThat(fallsShort()).isEmpty();
    assertThat(value("a lost claim answer costs, p95")).isEqualTo(0.1);
    events.add(
        new Event.Claim(at(2), Phase.INFO, "w1", "s", "j2", 1, "t2", List.of("j2"), "lost: 200 "));
    events.add(new Event.Claim(at(4), Phase.OK, "w1", "s", "j2", 1, "t2", List.of("j2"), ""));
    assertThat(fallsShort()).containsExactly("a lost claim answer costs, p95");
  }

  @Test
  void whatIsLeftAtTheEnd() {
    job("j1", "run-1", "PASSED", 1, "run-1ms.spec.js", true);
    events.add(new Event.Left(at(9), Phase.OK, "orphaned child processes", 1));
    events.add(new Event.Left(at(9), Phase.OK, "worker queues of ended workers", 0));
    assertThat(fallsShort())
        .containsExactly("open leases at the end", "orphaned child processes at the end");
  }
}
