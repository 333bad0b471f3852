package dev.qgjob.worker.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.worker.FakeServer;
import dev.qgjob.worker.FakeServer.Answer;
import dev.qgjob.worker.link.FinishAnswer;
import dev.qgjob.worker.link.WorkerApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch firstIsThere = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private FakeServer server;
  private Outbox outbox;

  @BeforeEach
  void start() throws Exception {
    server = new FakeServer("tcp://nowhere:1");
    outbox =
        new Outbox(
            new WorkerApi(
                "w1",
                timeout -> new ApiClient(server.uri(), "worker-token", timeout),
                Duration.ofSeconds(60)),
            threads);
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    threads.shutdownNow();
    server.close();
  }

  private CompletableFuture<FinishAnswer> send(String jobId) {
    return outbox.send(
        jobId,
        new Finish(
            1, "0123456789abcdef", JobState.PASSED, null, null, 0, 0, 0, 1, List.of(), null));
  }

  private static FinishAnswer answer(CompletableFuture<FinishAnswer> sent) throws Exception {
    return sent.get(20, TimeUnit.SECONDS);
  }

  /** The first is on its way until {@code goOn}, and the others are told meanwhile. */
  private List<CompletableFuture<FinishAnswer>> sendWhileOneIsOnItsWay(String... jobs) {
    var scripted = server.onFinish;
    server.onFinish =
        reported -> {
          if (reported.jobId().equals("first")) {
            firstIsThere.countDown();
            await(goOn);
          }
          return scripted.apply(reported);
        };
    List<CompletableFuture<FinishAnswer>> sent = new ArrayList<>();
    sent.add(send("first"));
    await(firstIsThere);
    for (String job : jobs) {
      sent.add(send(job));
    }
    goOn.countDown();
    return sent;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneAloneGoesAtOnceAndAlone() throws Exception {
    assertThat(answer(send("j1"))).isEqualTo(new FinishAnswer.Recorded(JobState.PASSED));
    assertThat(server.finishes).hasSize(1);
    assertThat(server.together).isEmpty();
  }

  @Test
  void whatComesWhileOneIsOnItsWayGoesTogether() throws Exception {
    for (var sent : sendWhileOneIsOnItsWay("j1", "j2", "j3")) {
      assertThat(answer(sent)).isEqualTo(new FinishAnswer.Recorded(JobState.PASSED));
    }
    assertThat(server.together).containsExactly(3);
    assertThat(server.finishes).hasSize(4);
  }

  @Test
  void eachHasItsOwnAnswer() throws Exception {
    server.onFinish =
        reported ->
            reported.jobId().equals("j2")
                ? Answer.problem(409, "fenced")
                : Answer.ok(new Finished(reported.jobId(), JobState.QUEUED));
    var sent = sendWhileOneIsOnItsWay("j1", "j2", "j3");
    assertThat(answer(sent.get(1))).isEqualTo(new FinishAnswer.Recorded(JobState.QUEUED));
    assertThat(answer(sent.get(2))).isInstanceOf(FinishAnswer.Fenced.class);
    assertThat(answer(sent.get(3))).isEqualTo(new FinishAnswer.Recorded(JobState.QUEUED));
  }

  @Test
  void oneThatTheServerDoesNotTakeHarmsNoOther() throws Exception {
    server.onFinish =
        reported ->
            reported.jobId().equals("j2")
                ? Answer.problem(422, "invalid-field")
                : Answer.ok(new Finished(reported.jobId(), JobState.PASSED));
    var sent = sendWhileOneIsOnItsWay("j1", "j2", "j3");
    assertThat(answer(sent.get(1))).isInstanceOf(FinishAnswer.Recorded.class);
    assertThat(answer(sent.get(2))).isInstanceOf(FinishAnswer.Refused.class);
    assertThat(answer(sent.get(3))).isInstanceOf(FinishAnswer.Recorded.class);
  }

  @Test
  void aServerThatTakesThemOneByOneGetsThemSo() throws Exception {
    server.takesTogether = false;
    for (var sent : sendWhileOneIsOnItsWay("j1", "j2")) {
      assertThat(answer(sent)).isInstanceOf(FinishAnswer.Recorded.class);
    }
    assertThat(server.finishes).hasSize(3);
  }

  @Test
  void withoutAnAnswerNothingIsClear() throws Exception {
    server.onFinish =
        reported ->
            reported.jobId().equals("first")
                ? Answer.ok(new Finished("first", JobState.PASSED))
                : Answer.problem(503, "outage");
    var sent = sendWhileOneIsOnItsWay("j1", "j2");
    assertThat(answer(sent.get(1))).isInstanceOf(FinishAnswer.Unclear.class);
    assertThat(answer(sent.get(2))).isInstanceOf(FinishAnswer.Unclear.class);
  }

  @Test
  void aJobThatIsToldTwiceIsToldOneAfterTheOther() throws Exception {
    for (var sent : sendWhileOneIsOnItsWay("j1", "j1", "j1")) {
      assertThat(answer(sent)).isInstanceOf(FinishAnswer.Recorded.class);
    }
    assertThat(server.together).isEmpty();
    assertThat(server.finishes).hasSize(4);
  }

  @Test
  void anOutboxWithoutThreadsLeavesNobodyWaiting() throws Exception {
    threads.shutdownNow();
    assertThat(answer(send("j1"))).isInstanceOf(FinishAnswer.Unclear.class);
    assertThat(answer(send("j2"))).isInstanceOf(FinishAnswer.Unclear.class);
  }
}
