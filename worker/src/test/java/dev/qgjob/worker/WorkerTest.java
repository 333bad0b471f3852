package dev.qgjob.worker;

import static dev.qgjob.worker.WorkerRig.PHONE_1;
import static dev.qgjob.worker.WorkerRig.PHONE_2;
import static dev.qgjob.worker.WorkerRig.SLOT_1;
import static dev.qgjob.worker.WorkerRig.SLOT_2;
import static dev.qgjob.worker.WorkerRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.client.ApiProblem;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Problem;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.InboxEntry;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.JobMessage;
import dev.qgjob.worker.FakeServer.Answer;
import dev.qgjob.worker.discovery.AdbSlots;
import dev.qgjob.worker.discovery.Found;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkerTest {
  @TempDir private Path folder;
  private TestBroker broker;
  private FakeServer server;

  @BeforeEach
  void start() throws Exception {
    broker = new TestBroker(folder.resolve("broker"));
    server = new FakeServer(broker.url());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    broker.close();
  }

  private WorkerRig rig() {
    return new WorkerRig(server, folder.resolve("runs"), PHONE_1);
  }

  private static JobMessage job(String id) {
    return new JobMessage(id, 1, null);
  }

  private void sendShared(String... ids) throws Exception {
    for (String id : ids) {
      broker.send("jobs.emulator", "qualgent/xyz123/1", job(id));
    }
  }

  private boolean attached(String slotId) {
    return server.lastBeat().slots().stream()
        .anyMatch(slot -> slot.offer().slotId().equals(slotId) && slot.attached());
  }

  @Test
  void aGrantedJobRunsAndIsReportedAndItsMessageIsGone() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      rig.executor.leavesFiles.add("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      // nothing is held at the broker while it runs
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));

      Claim claim = server.claims.get(0);
      assertThat(claim.slotId()).isEqualTo(SLOT_1);
      assertThat(claim.token()).hasSize(32);
      assertThat(claim.shared()).isTrue();
      assertThat(claim.most()).isEqualTo(8);
      assertThat(server.uploads).hasSize(1);
      assertThat(server.uploads.get(0).name()).isEqualTo("logs-run.log");
      assertThat(server.uploads.get(0).token()).isEqualTo(claim.token());
      assertThat(server.finishes.get(0).finish().installs()).isEqualTo(1);
      assertThat(server.finishes.get(0).finish().stockInstalls()).isEqualTo(2);
      eventually(
          () -> {
            try (Stream<Path> left = Files.list(folder.resolve("runs"))) {
              assertThat(left).isEmpty();
            }
          });
    }
  }

  @Test
  void whatAJobPrintsIsAtTheServerWhileItRuns() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      rig.executor.listener.onLog("j1", "Running 1 test");
      eventually(() -> assertThat(server.pieces).hasSize(1));
      String token = server.claims.get(0).token();
      assertThat(server.pieces.get(0))
          .isEqualTo(new FakeServer.Piece("j1", "1", token, "0", "Running 1 test\n"));
      rig.executor.listener.onLog("j1", "1 passed");
      eventually(() -> assertThat(server.pieces).hasSize(2));
      assertThat(server.pieces.get(1).from()).isEqualTo("15");
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
    }
  }

  @Test
  void aLostClaimDropsItsMessageAndTheNextOneIsClaimed() throws Exception {
    server.onClaim =
        claim ->
            claim.jobId().equals("old")
                ? Answer.problem(409, "claim-lost")
                : server.granted(claim, claim.jobId());
    try (WorkerRig rig = rig()) {
      sendShared("old", "new");
      eventually(() -> assertThat(server.outcomes("new")).containsExactly(JobState.PASSED));
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
      assertThat(rig.executor.batches).containsExactly(List.of("new"));
    }
  }

  @Test
  void aClaimWithoutAnAnswerIsRepeatedWithTheSameToken() throws Exception {
    server.onClaim =
        claim ->
            switch (server.claims.size()) {
              case 1 -> Answer.CUT;
              case 2 -> Answer.problem(503, "unavailable");
              case 3 -> Answer.problem(401, "unauthorized");
              case 4 -> Answer.problem(429, "too-many");
              default -> server.granted(claim, claim.jobId());
            };
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(server.claims).hasSizeGreaterThanOrEqualTo(5);
      assertThat(server.claims).extracting(Claim::token).containsOnly(server.claims.get(0).token());
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  /** Only an answer that comes late says that the server needs longer: a broken link does not. */
  @Test
  void aLostAnswerCostsLittleThoughTheServerWasAwayBefore() throws Exception {
    List<Long> askedAt = new CopyOnWriteArrayList<>();
    server.onClaim =
        claim -> {
          askedAt.add(System.nanoTime());
          return switch (server.claims.size()) {
            case 1, 2, 3 -> Answer.CUT;
            case 4 -> Answer.NEVER;
            default -> server.granted(claim, claim.jobId());
          };
        };
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(Duration.ofNanos(askedAt.get(4) - askedAt.get(3)))
          .as("a tenth of a lease, a pause, and what the machine takes")
          .isLessThan(Duration.ofMillis(server.leaseMs / 4));
    }
  }

  @Test
  void whatWaitsInTheInboxIsReportedAndNotAcknowledged() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1", "j2", "j3");
      eventually(
          () ->
              assertThat(server.lastBeat().slots().get(0).inbox())
                  .containsExactly(new InboxEntry("j2", 1), new InboxEntry("j3", 1)));
      assertThat(broker.messages("jobs.emulator")).isEqualTo(2);
      assertThat(server.claims).hasSize(1);
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.finishes).hasSize(3));
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
    }
  }

  @Test
  void jobsThatComeAlongWithAClaimRunAsOneBatch() throws Exception {
    // the second message may come after the claim, and is claimed then for nothing
    server.onClaim =
        claim ->
            claim.token().equals(server.claims.get(0).token())
                ? server.granted(claim, "j1", "j2", "j3")
                : Answer.problem(409, "claim-lost");
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1", "j2");
      eventually(() -> assertThat(rig.executor.running).contains("j1"));
      eventually(() -> assertThat(server.lastBeat().leases()).hasSize(3));
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.finishes).hasSize(3));
      assertThat(rig.executor.batches.get(0)).containsExactly("j1", "j2", "j3");
      eventually(() -> assertThat(server.lastBeat().leases()).isEmpty());
    }
  }

  @Test
  void ofABatchOnlyTheJobWhoseSpecRunsIsNotedForTheNextProcess() throws Exception {
    server.onClaim = claim -> server.granted(claim, "j1", "j2", "j3");
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j2");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).contains("j2"));
      assertThat(rig.begun()).containsExactly("j2");
      rig.executor.letGo("j2");
      eventually(() -> assertThat(server.finishes).hasSize(3));
      eventually(() -> assertThat(rig.begun()).isEmpty());
    }
  }

  @Test
  void aDuplicateOfAMessageLosesItsClaim() throws Exception {
    server.onClaim =
        claim ->
            server.claims.stream().filter(one -> one.jobId().equals("j1")).count() > 1
                ? Answer.problem(409, "claim-lost")
                : server.granted(claim, claim.jobId());
    try (WorkerRig rig = rig()) {
      sendShared("j1", "j1", "j1");
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
      eventually(() -> assertThat(server.outcomes("j1")).hasSize(1));
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void aRunThatMakesNoProgressIsEnded() throws Exception {
    Duration limit = Duration.ofMillis(1_500);
    try (WorkerRig rig =
        new WorkerRig(
            server.uri(), folder.resolve("runs"), Duration.ofSeconds(20), limit, PHONE_1)) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.ERROR));
      assertThat(server.finishes.get(0).finish().failureKind())
          .isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(server.finishes.get(0).finish().message())
          .contains("no output and no test event for 1 s")
          .contains("--progress-timeout");

      rig.executor.hold("j2");
      sendShared("j2");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j2"));
      long until = System.nanoTime() + limit.multipliedBy(2).toNanos();
      eventually(
          () -> {
            rig.executor.listener.onLog("j2", "still here");
            assertThat(System.nanoTime() - until).isPositive();
          });
      rig.executor.letGo("j2");
      eventually(() -> assertThat(server.outcomes("j2")).containsExactly(JobState.PASSED));
    }
  }

  @Test
  void theServerHearsOfAMessageBeforeTheBrokerForgetsIt() throws Exception {
    server.onRejection =
        rejection ->
            server.rejections.size() < 3
                ? Answer.problem(503, "database-away")
                : new Answer(204, "");
    try (WorkerRig rig = rig()) {
      broker.send("jobs.emulator", "g", "job", "{\"job_id\": \u0007");
      eventually(() -> assertThat(server.rejections).hasSize(1));
      assertThat(broker.messages("jobs.emulator")).isEqualTo(1);
      // and meanwhile the work goes on
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
      assertThat(server.rejections).hasSize(3);
      Rejection told = server.rejections.get(0);
      assertThat(told.queue()).isEqualTo("jobs.emulator");
      assertThat(told.reason()).startsWith("its JSON cannot be read");
      assertThat(told.excerpt()).isEqualTo("{\"job_id\": \u0007");
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void malformedMessagesAreDroppedAndBlockNothing() throws Exception {
    try (WorkerRig rig = rig()) {
      broker.send("jobs.emulator", "g", "job", "{\"job_id\": ");
      broker.send("jobs.emulator", "g", "job", "{\"generation\": 3}");
      broker.send("jobs.emulator", "g", "job", "null");
      broker.send("jobs.emulator", "g", "nonsense", "{}");
      broker.send(
          "jobs.emulator", "g", "job", "{\"job_id\":\"" + "x".repeat(300) + "\",\"generation\":1}");
      broker.send("jobs.emulator", "g", "job", "{\"job_id\":\"a b\",\"generation\":1}");
      broker.send("jobs.emulator", "g", "job", "{\"job_id\":\"j\",\"generation\":1e99}");
      for (String queue : List.of("jobs.emulator", "worker.w1")) {
        broker.send(queue, null, "job", "x".repeat(20_000));
        broker.send(queue, null, "job", "x".repeat(5 << 20));
        broker.send(queue, null, "control", "{\"kind\": \"explode\"}");
        broker.send(queue, null, "control", "[".repeat(10_000));
        broker.send(queue, context -> context.createBytesMessage());
        broker.send(queue, context -> context.createObjectMessage(new java.util.Date()));
        broker.send(queue, context -> context.createTextMessage());
        broker.send(queue, context -> context.createMapMessage());
      }
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
      eventually(() -> assertThat(broker.messages("worker.w1")).isZero());
      assertThat(server.claims).hasSize(1);
      assertThat(rig.executor.batches).hasSize(1);
      eventually(() -> assertThat(server.rejections).hasSize(23));
      assertThat(server.rejections)
          .extracting(Rejection::reason)
          .contains("it has 10485765 bytes, 16384 at most", "it is not a text message")
          .allSatisfy(reason -> assertThat(reason).hasSizeBetween(1, 500));
      assertThat(server.registrations).hasSize(1);
    }
  }

  @Test
  void aHandOffRunsOnTheSlotThatItNames() throws Exception {
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_1, PHONE_2)) {
      broker.send("worker.w1", null, new JobMessage("j1", 4, SLOT_2));
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(rig.executor.slots).containsExactly(SLOT_2);
      assertThat(server.claims.get(0).shared()).isFalse();
      assertThat(server.claims.get(0).generation()).isEqualTo(4);
      broker.send("worker.w1", null, new JobMessage("j2", 1, "shelf:emulator:gone"));
      eventually(() -> assertThat(broker.messages("worker.w1")).isZero());
      assertThat(server.claims).hasSize(1);
    }
  }

  /** They would be refused, for its lease is gone there, and the log would warn of it. */
  @Test
  void whatTheServerAskedToStopSendsNoFiles() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      rig.executor.leavesFiles.add("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      server.stopped.add("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.CANCELLED));
      assertThat(server.uploads).isEmpty();
    }
  }

  @Test
  void aBeatThatSaysStopEndsTheRun() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      server.stopped.add("j1");
      eventually(() -> assertThat(rig.executor.stopped).containsExactly("j1"));
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.CANCELLED));
      assertThat(server.finishes.get(0).finish().message()).isEqualTo("the job was cancelled");
    }
  }

  @Test
  void aCancelByMessageEndsTheRunAtOnce() throws Exception {
    server.leaseMs = 60_000;
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      broker.send("worker.w1", new ControlMessage(ControlMessage.Kind.CANCEL, "j1", 7L));
      broker.send("worker.w1", new ControlMessage(ControlMessage.Kind.CANCEL, "j1", 1L));
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.CANCELLED));
    }
  }

  @Test
  void noAnswerToABeatEndsTheBeats() throws Exception {
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      List<Answer> odd =
          List.of(
              new Answer(409, new Problem(null, null, 0, null, null, null, null)),
              new Answer(404, "<html>".getBytes(StandardCharsets.UTF_8)),
              Answer.ok("text"),
              Answer.ok(Map.of("leases", java.util.Arrays.asList((Object) null))),
              Answer.ok(Map.of("leases", 5)),
              Answer.ok(new byte[] {(byte) 0xff, 0}));
      for (Answer one : odd) {
        server.onBeat = beat -> one;
        int before = server.beats.size();
        eventually(() -> assertThat(server.beats).hasSizeGreaterThan(before + 1));
      }
      server.onBeat = server::beatAnswer;
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(server.registrations).hasSize(1);
    }
  }

  @Test
  void aLeaseThatCannotBeProvenEndsTheRunAndNothingIsReported() throws Exception {
    server.leaseMs = 1_000;
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      server.silent = true;
      eventually(() -> assertThat(rig.executor.stopped).containsExactly("j1"));
      // messages go to others while the server is away
      eventually(() -> assertThat(broker.consumers("jobs.emulator")).isZero());
      server.silent = false;
      eventually(() -> assertThat(broker.consumers("jobs.emulator")).isEqualTo(1));
      sendShared("j2");
      eventually(() -> assertThat(server.outcomes("j2")).containsExactly(JobState.PASSED));
      assertThat(server.outcomes("j1")).isEmpty();
    }
  }

  @Test
  void aReportIsRepeatedUntilItIsAnswered() throws Exception {
    server.onFinish =
        reported ->
            switch (server.finishes.size()) {
              case 1 -> Answer.CUT;
              case 2 -> Answer.problem(500, "broken");
              default -> Answer.ok(new Finished(reported.jobId(), JobState.PASSED));
            };
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).hasSize(3));
      assertThat(server.finishes)
          .extracting(FakeServer.Reported::finish)
          .containsOnly(server.finishes.get(0).finish());
      eventually(() -> assertThat(server.lastBeat().leases()).isEmpty());
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void whatAServerThatIsJustStartingSaysCostsNoJob() throws Exception {
    Answer starting = new Answer(404, "<html>nothing here".getBytes(StandardCharsets.UTF_8));
    server.onClaim =
        claim -> server.claims.size() == 1 ? starting : server.granted(claim, claim.jobId());
    server.onFinish =
        reported ->
            server.finishes.size() == 1
                ? starting
                : Answer.ok(new Finished(reported.jobId(), JobState.PASSED));
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      int before = server.beats.size();
      server.onBeat = beat -> server.beats.size() < before + 3 ? starting : server.beatAnswer(beat);
      eventually(() -> assertThat(server.beats).hasSizeGreaterThan(before + 3));
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.outcomes("j1")).hasSize(2));
      assertThat(rig.executor.stopped).isEmpty();
      assertThat(server.claims).hasSize(2);
      assertThat(server.registrations).hasSize(1);
    }
  }

  @Test
  void aFencedReportIsDropped() throws Exception {
    server.onFinish =
        reported ->
            reported.jobId().equals("j1")
                ? Answer.problem(409, "fenced")
                : Answer.ok(new Finished(reported.jobId(), JobState.PASSED));
    try (WorkerRig rig = rig()) {
      sendShared("j1", "j2");
      eventually(() -> assertThat(server.outcomes("j2")).hasSize(1));
      assertThat(server.outcomes("j1")).hasSize(1);
      assertThat(rig.executor.batches).hasSize(2);
    }
  }

  @Test
  void aReportThatTheServerRefusesIsReplacedByOneThatSaysSo() throws Exception {
    server.onFinish =
        reported ->
            reported.finish().outcome() == JobState.PASSED
                ? Answer.problem(422, "invalid")
                : Answer.ok(new Finished(reported.jobId(), JobState.QUEUED));
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(
          () -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED, JobState.ERROR));
      assertThat(server.finishes.get(1).finish().failureKind())
          .isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void aFileThatCannotBeKeptChangesNoVerdict() throws Exception {
    server.onUpload = uploaded -> Answer.problem(413, "too-large");
    try (WorkerRig rig = rig()) {
      rig.executor.leavesFiles.add("j1");
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(server.finishes.get(0).finish().message()).isEqualTo("logs/run.log was not kept");
    }
  }

  /** One that shed whatever it could be known by still works in the folder of its run. */
  @Test
  void aProcessThatAJobLeftBehindEndsWithItsBatch() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.escapes.add("j1");
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(rig.executor.escaped.get("j1").waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anErrorInARunEndsTheJobAndNotTheSlot() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.breaks.put("j1", new OutOfMemoryError("of this test"));
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.ERROR));
      sendShared("j2");
      eventually(() -> assertThat(server.outcomes("j2")).containsExactly(JobState.PASSED));
    }
  }

  @Test
  void aSpecificationThatCannotBeRunIsTheSubmittersError() throws Exception {
    server.onClaim =
        claim ->
            Answer.ok(
                new dev.qgjob.protocol.lease.Granted(
                    server.leaseMs,
                    List.of(
                        new dev.qgjob.protocol.lease.Grant(
                            claim.jobId(),
                            "run-1",
                            claim.generation(),
                            1,
                            FakeServer.specification("../../etc/passwd"),
                            List.of()))));
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.ERROR));
      assertThat(server.finishes.get(0).finish().failureKind()).isEqualTo(FailureKind.SUBMITTER);
      assertThat(rig.executor.batches).isEmpty();
    }
  }

  @Test
  void aBrokerThatRestartsIsAttachedAnewAndWhatItDeliveredBeforeIsForgotten() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1", "j2", "j3");
      eventually(() -> assertThat(server.lastBeat().slots().get(0).inbox()).hasSize(2));
      long attachment = server.lastBeat().slots().get(0).attachment();
      broker.stop();
      eventually(() -> assertThat(attached(SLOT_1)).isFalse());
      eventually(() -> assertThat(server.lastBeat().slots().get(0).inbox()).isEmpty());
      // the run goes on: its lease is with the server
      assertThat(rig.executor.running).containsExactly("j1");
      broker.start();
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      eventually(
          () ->
              assertThat(server.lastBeat().slots().get(0).inbox())
                  .containsExactly(new InboxEntry("j2", 1), new InboxEntry("j3", 1)));
      assertThat(server.lastBeat().slots().get(0).attachment()).isGreaterThan(attachment);
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.finishes).hasSize(3));
      assertThat(rig.executor.batches).containsExactly(List.of("j1"), List.of("j2"), List.of("j3"));
    }
  }

  @Test
  void aServerThatForgotTheWorkerIsRegisteredWithAnew() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      server.onBeat =
          beat ->
              beat.incarnation() == 1
                  ? Answer.problem(409, "not-registered")
                  : server.beatAnswer(beat);
      eventually(() -> assertThat(server.registrations).hasSize(2));
      assertThat(rig.executor.stopped).containsExactly("j1");
      sendShared("j2");
      eventually(() -> assertThat(server.outcomes("j2")).containsExactly(JobState.PASSED));
      assertThat(server.outcomes("j1")).isEmpty();
      assertThat(server.registrations.get(1).stateProof()).isEqualTo("the-proof");
    }
  }

  @Test
  void aBrokerThatLostTheWorkersQueueMakesItRegisterAnew() throws Exception {
    server.leaseMs = 1_000;
    broker.drop("worker.w1");
    server.onRegistration =
        registration -> {
          if (server.registrations.size() > 1) {
            broker.make("worker.w1");
          }
          return server.registered(registration);
        };
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(server.registrations).hasSize(2);
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void phonesComeAndGoWithTheBeats() throws Exception {
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      rig.slots(PHONE_1, PHONE_2);
      eventually(() -> assertThat(attached(SLOT_2)).isTrue());
      assertThat(broker.consumers("jobs.emulator")).isEqualTo(2);
      rig.slots(PHONE_2);
      eventually(() -> assertThat(server.lastBeat().slots()).hasSize(1));
      eventually(() -> assertThat(broker.consumers("jobs.emulator")).isEqualTo(1));
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).hasSize(1));
      assertThat(rig.executor.slots).containsExactly(SLOT_2);
      assertThat(server.registrations).hasSize(1);
    }
  }

  @Test
  void aPhoneThatComesBackIsNotUsedTwiceAtATime() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      rig.slots();
      eventually(() -> assertThat(server.lastBeat().slots()).isEmpty());
      rig.slots(PHONE_1);
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      sendShared("j2");
      eventually(
          () ->
              assertThat(server.lastBeat().slots().get(0).inbox())
                  .containsExactly(new InboxEntry("j2", 1)));
      assertThat(server.claims).hasSize(1);
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.finishes).hasSize(2));
    }
  }

  @Test
  void anEndInGoodOrderFinishesWhatRunsAndTakesNothingNew() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1", "j2");
      eventually(() -> assertThat(server.lastBeat().slots().get(0).inbox()).hasSize(1));
      rig.worker.drain();
      eventually(() -> assertThat(broker.consumers("jobs.emulator")).isZero());
      eventually(() -> assertThat(attached(SLOT_1)).isFalse());
      rig.executor.letGo("j1");
      assertThat(rig.awaitEnd()).isEqualTo(Worker.End.DRAINED);
      assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED);
      assertThat(server.goodbyes).containsExactly("incarnation=1");
      // the other one waits for somebody else
      assertThat(broker.messages("jobs.emulator")).isEqualTo(1);
      assertThat(server.claims).hasSize(1);
    }
  }

  @Test
  void aSecondRequestToEndGivesRunningJobsBack() throws Exception {
    try (WorkerRig rig = rig()) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      rig.worker.drain();
      rig.worker.cancel();
      assertThat(rig.awaitEnd()).isEqualTo(Worker.End.CUT_OFF);
      assertThat(server.outcomes("j1")).containsExactly(JobState.ERROR);
      assertThat(server.finishes.get(0).finish().failureKind())
          .isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(server.goodbyes).hasSize(1);
    }
  }

  @Test
  void aDrainThatTakesTooLongIsCutOff() throws Exception {
    try (WorkerRig rig =
        new WorkerRig(server, folder.resolve("runs"), Duration.ofMillis(300), PHONE_1)) {
      rig.executor.hold("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.running).containsExactly("j1"));
      rig.worker.drain();
      assertThat(rig.awaitEnd()).isEqualTo(Worker.End.CUT_OFF);
    }
  }

  @Test
  void aServerCanHaveAWorkerDrainAndWorkAgain() throws Exception {
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      server.drain = true;
      broker.send("worker.w1", new ControlMessage(ControlMessage.Kind.DRAIN, null, null));
      eventually(() -> assertThat(attached(SLOT_1)).isFalse());
      sendShared("j1");
      server.drain = false;
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void aClaimAnsweredAfterALeaseRunsOnlyWhenABeatConfirmsIt() throws Exception {
    server.leaseMs = 1_000;
    Map<String, Long> began = new ConcurrentHashMap<>();
    server.onClaim =
        claim -> {
          long first = began.computeIfAbsent(claim.jobId(), id -> System.nanoTime());
          return System.nanoTime() - first < Duration.ofMillis(server.leaseMs).toNanos()
              ? Answer.problem(503, "unavailable")
              : server.granted(claim, claim.jobId());
        };
    server.stopped.add("j2");
    try (WorkerRig rig = rig()) {
      sendShared("j2", "j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(rig.executor.batches).containsExactly(List.of("j1"));
      assertThat(server.outcomes("j2")).isEmpty();
    }
  }

  @Test
  void aRefusedFirstRegistrationIsToldAtOnce() {
    server.onRegistration = registration -> Answer.problem(403, "forbidden");
    WorkerRig rig = rig();
    assertThatThrownBy(rig::awaitEnd).hasRootCauseInstanceOf(ApiProblem.class);
  }

  @Test
  void anOccupiedNameIsWaitedFor() throws Exception {
    server.onRegistration =
        registration ->
            server.registrations.size() < 3
                ? Answer.problem(409, "worker-occupied")
                : server.registered(registration);
    try (WorkerRig rig = rig()) {
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).hasSize(1));
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  private String reason(String slotId) {
    return server.lastBeat().slots().stream()
        .filter(slot -> slot.offer().slotId().equals(slotId) && !slot.attached())
        .map(slot -> slot.offer().capabilities().getOrDefault("unavailable", ""))
        .findFirst()
        .orElse("");
  }

  @Test
  void anUnfitPhoneClaimsNothingUntilItIsFit() throws Exception {
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_2)) {
      eventually(() -> assertThat(attached(SLOT_2)).isTrue());
      rig.ailments.put(SLOT_1, "its storage is full");
      rig.slots(PHONE_1);
      eventually(() -> assertThat(reason(SLOT_1)).contains("its storage is full"));
      sendShared("j1");
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isEqualTo(1));
      assertThat(server.claims).isEmpty();

      rig.ailments.clear();
      rig.later.addAndGet(Duration.ofSeconds(31).toNanos());
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(reason(SLOT_1)).isEmpty();
    }
  }

  /** What waits for a parallel of a provider waits in the queue, and holds no lease. */
  @Test
  void aSlotThatThereIsNoRoomForClaimsNothingUntilThereIs() throws Exception {
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      rig.full.put(SLOT_1, "2 of 2 parallels run");
      sendShared("j1");
      eventually(() -> assertThat(reason(SLOT_1)).isEqualTo("2 of 2 parallels run"));
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isEqualTo(1));
      assertThat(server.claims).isEmpty();

      rig.full.clear();
      rig.later.addAndGet(Duration.ofSeconds(3).toNanos());
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(reason(SLOT_1)).isEmpty();
      eventually(() -> assertThat(rig.left).hasSize(2));
    }
  }

  @Test
  void aSlotWhoseAttemptsBreakIsQuarantinedAndComesBack() throws Exception {
    try (WorkerRig rig = rig()) {
      for (String id : List.of("a", "b", "c")) {
        rig.executor.losesPhone.add(id);
        sendShared(id);
        eventually(() -> assertThat(server.outcomes(id)).containsExactly(JobState.ERROR));
      }
      eventually(() -> assertThat(reason(SLOT_1)).contains("3 attempts in a row broke"));
      sendShared("d");
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isEqualTo(1));
      assertThat(server.outcomes("d")).isEmpty();

      rig.later.addAndGet(Duration.ofSeconds(31).toNanos());
      eventually(() -> assertThat(server.outcomes("d")).containsExactly(JobState.PASSED));
    }
  }

  /** Whether the job's one report says so; null: not a word. */
  private @Nullable Boolean hostEvent(String jobId) {
    List<Boolean> told = new ArrayList<>();
    server.finishes.stream()
        .filter(finish -> finish.jobId().equals(jobId))
        .forEach(finish -> told.add(finish.finish().hostEvent()));
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  @Test
  void whatBreaksWhenTheHostLosesItsPhonesIsReportedAsAHostEvent() throws Exception {
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_1, PHONE_2)) {
      eventually(() -> assertThat(attached(SLOT_1) && attached(SLOT_2)).isTrue());
      rig.executor.losesPhone.add("j1");
      sendShared("j1");
      eventually(() -> assertThat(rig.executor.batches).hasSize(1));
      // the test noticed first; adb tells of both a moment later
      rig.slots();
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.ERROR));
      assertThat(hostEvent("j1")).isTrue();
      assertThat(server.finishes.get(0).finish().message()).contains("its host lost several");
    }
  }

  @Test
  void aPhoneThatGoesAloneIsNoHostEvent() throws Exception {
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_1, PHONE_2)) {
      eventually(() -> assertThat(attached(SLOT_1) && attached(SLOT_2)).isTrue());
      rig.executor.losesPhone.add("j1");
      sendShared("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.ERROR));
      assertThat(hostEvent("j1")).isNull();
    }
  }

  /** A worker that was killed under a job leaves what that job started on the phone. */
  @Test
  void whatJobsLeftOnThePhoneIsEndedBeforeTheFirstOneAndAfterOneThatBroke() throws Exception {
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      assertThat(rig.cleared).as("not beside a run that may go on there").isEmpty();
      sendShared("a");
      eventually(() -> assertThat(server.outcomes("a")).containsExactly(JobState.PASSED));
      assertThat(rig.cleared).containsExactly(0);
      sendShared("b");
      eventually(() -> assertThat(server.outcomes("b")).containsExactly(JobState.PASSED));
      rig.executor.losesPhone.add("c");
      sendShared("c");
      eventually(() -> assertThat(server.outcomes("c")).containsExactly(JobState.ERROR));
      eventually(() -> assertThat(rig.cleared).containsExactly(0, 3));
    }
  }

  @Test
  void phonesThatAreOfflineOrWentAwayAloneAreSought() throws Exception {
    Found offline = new Found(Target.DEVICE, "R58M", Map.of(Found.UNAVAILABLE, AdbSlots.OFFLINE));
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_1, offline)) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      rig.later.addAndGet(Duration.ofSeconds(31).toNanos());
      eventually(() -> assertThat(rig.sought).containsExactly("R58M 1"));
      rig.slots();
      rig.later.addAndGet(Duration.ofSeconds(31).toNanos());
      eventually(() -> assertThat(rig.sought).contains("emulator-5554 1"));
    }
  }

  @Test
  void theRecoveryHearsOfAHostEventByTheSerialsOfItsPhones() throws Exception {
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_1, PHONE_2)) {
      eventually(() -> assertThat(attached(SLOT_1) && attached(SLOT_2)).isTrue());
      rig.slots();
      eventually(() -> assertThat(rig.sought).containsExactly("[emulator-5554, emulator-5556]"));
      rig.later.addAndGet(Duration.ofMinutes(4).toNanos());
      eventually(() -> assertThat(rig.sought).contains("not back [emulator-5554, emulator-5556]"));
    }
  }

  @Test
  void aPhoneThatIsSeenAndCannotWorkIsShownAndNotAttached() throws Exception {
    Found unauthorized =
        new Found(Target.DEVICE, "NEW", Map.of(Found.UNAVAILABLE, "unauthorized: accept the key"));
    try (WorkerRig rig = new WorkerRig(server, folder.resolve("runs"), PHONE_1, unauthorized)) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      assertThat(attached("shelf:device:NEW")).isFalse();
      eventually(() -> assertThat(reason("shelf:device:NEW")).contains("accept the key"));
    }
  }

  /** So many phones come beside the first one, and eight looks at them do not end yet. */
  private static void comeTogether(WorkerRig rig, int phones) {
    eventually(() -> assertThat(rig.looks).hasSize(1));
    rig.looksMayEnd = new CountDownLatch(1);
    rig.slots(
        IntStream.range(0, phones)
            .mapToObj(i -> new Found(Target.EMULATOR, "emulator-" + i, Map.of()))
            .toArray(Found[]::new));
    eventually(() -> assertThat(rig.looks).hasSize(1 + 8));
  }

  @Test
  void phonesThatComeTogetherAreLookedAtAFewAtATime() throws Exception {
    try (WorkerRig rig = rig()) {
      comeTogether(rig, 50);
      rig.looksMayEnd.countDown();
      eventually(() -> assertThat(rig.looks).hasSize(1 + 50));
      assertThat(rig.looks).allSatisfy(atOnce -> assertThat(atOnce).isLessThanOrEqualTo(8));
    }
  }

  /** Else the server would place by what the slot held before, once the job has ended. */
  @Test
  void whatWasInstalledIsToldWhenTheFirstTestBegins() throws Exception {
    server.leaseMs = Duration.ofMinutes(4).toMillis();
    Holding installed = new Holding("com.acme", "ab".repeat(32));
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached(SLOT_1)).isTrue());
      assertThat(server.lastBeat().slots().get(0).offer().holds()).isEmpty();
      rig.executor.hold("j1");
      rig.holds = List.of(installed);
      sendShared("j1");
      eventually(
          () ->
              assertThat(server.lastBeat().slots().get(0).offer().holds())
                  .containsExactly(installed));
      assertThat(rig.executor.running).containsExactly("j1");
      rig.executor.letGo("j1");
    }
  }

  @Test
  void aPhoneThatIsGoneBeforeItsLookIsNotLookedAt() throws Exception {
    try (WorkerRig rig = rig()) {
      comeTogether(rig, 9);
      rig.slots(PHONE_2);
      rig.looksMayEnd.countDown();
      eventually(() -> assertThat(attached(SLOT_2)).isTrue());
      eventually(() -> assertThat(rig.looks).hasSize(1 + 8 + 1));
    }
  }
}
