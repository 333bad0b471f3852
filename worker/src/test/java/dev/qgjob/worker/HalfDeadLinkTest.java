package dev.qgjob.worker;

import static dev.qgjob.worker.WorkerRig.PHONE_1;
import static dev.qgjob.worker.WorkerRig.SLOT_1;
import static dev.qgjob.worker.WorkerRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.InboxEntry;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.message.JobMessage;
import dev.qgjob.worker.FakeServer.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of the worker's two lines is dead, or half of one, and the other is well. */
@Timeout(120)
class HalfDeadLinkTest {
  private static final long LEASE_MS = 2_000;

  @TempDir private Path folder;
  private TestBroker broker;
  private TcpProxy toBroker;
  private TcpProxy toApi;
  private FakeServer server;

  /** What can befall a line. */
  enum Fault {
    BLACK_HOLE(TcpProxy::blackHole),
    BLACK_HOLE_THERE(TcpProxy::blackHoleThere),
    BLACK_HOLE_BACK(TcpProxy::blackHoleBack),
    RESET(TcpProxy::reset);

    private final Consumer<TcpProxy> strike;

    Fault(Consumer<TcpProxy> strike) {
      this.strike = strike;
    }
  }

  @BeforeEach
  void start() throws Exception {
    broker = new TestBroker(folder.resolve("broker"));
    toBroker = new TcpProxy(URI.create(broker.url()));
    server = new FakeServer(toBroker.uri("tcp").toString());
    server.leaseMs = LEASE_MS;
    toApi = new TcpProxy(server.uri());
  }

  @AfterEach
  void stop() throws Exception {
    toApi.close();
    toBroker.close();
    server.close();
    broker.close();
  }

  private WorkerRig rig() {
    return new WorkerRig(
        toApi.uri("http"), folder.resolve("runs"), Duration.ofSeconds(20), PHONE_1);
  }

  private void send(String... ids) throws Exception {
    for (String id : ids) {
      broker.send("jobs.emulator", "qualgent/xyz123/1", new JobMessage(id, 1, null));
    }
  }

  private boolean attached() {
    return server.lastBeat().slots().stream()
        .anyMatch(slot -> slot.offer().slotId().equals(SLOT_1) && slot.attached());
  }

  private List<InboxEntry> inbox() {
    return server.lastBeat().slots().get(0).inbox();
  }

  private void runs(WorkerRig rig, String jobId) throws Exception {
    rig.executor.hold(jobId);
    send(jobId);
    eventually(() -> assertThat(rig.executor.running).contains(jobId));
  }

  /** Leases from now until it is so. */
  private static double leasesUntil(BooleanSupplier condition) {
    long began = System.nanoTime();
    eventually(() -> assertThat(condition.getAsBoolean()).isTrue());
    return (System.nanoTime() - began) / 1e6 / LEASE_MS;
  }

  // ---- the broker is gone, the API is there

  @ParameterizedTest
  @EnumSource
  void aSlotThatGetsNoMessagesIsNotReportedAsAttached(Fault fault) throws Exception {
    try (WorkerRig rig = rig()) {
      runs(rig, "j1");
      send("j2");
      eventually(() -> assertThat(inbox()).containsExactly(new InboxEntry("j2", 1)));
      long attachment = server.lastBeat().slots().get(0).attachment();

      fault.strike.accept(toBroker);

      assertThat(leasesUntil(() -> !attached())).isLessThan(0.75);
      eventually(() -> assertThat(inbox()).isEmpty());
      assertThat(rig.executor.running).containsExactly("j1");
      // and while it goes on, nothing looks as if it were well
      assertThat(leasesUntil(() -> broker.consumers("jobs.emulator") == 0)).isLessThan(3);

      toBroker.pass();
      assertThat(leasesUntil(this::attached)).isLessThan(1);
      assertThat(server.lastBeat().slots().get(0).attachment()).isGreaterThan(attachment);
      eventually(() -> assertThat(inbox()).containsExactly(new InboxEntry("j2", 1)));
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.outcomes("j2")).containsExactly(JobState.PASSED));
      assertThat(rig.executor.batches).containsExactly(List.of("j1"), List.of("j2"));
      eventually(() -> assertThat(broker.messages("jobs.emulator")).isZero());
    }
  }

  @Test
  void aSlowBrokerIsNoDeadBroker() throws Exception {
    try (WorkerRig rig = rig()) {
      toBroker.delay(50);
      send("j1", "j2", "j3");
      eventually(() -> assertThat(server.finishes).hasSize(3));
      assertThat(server.beats.stream().skip(2).filter(beat -> !attached(beat)).count())
          .isLessThan(5);
      assertThat(rig.executor.batches).hasSize(3);
    }
  }

  private static boolean attached(Beat beat) {
    return beat.slots().get(0).attached();
  }

  // ---- the API is gone, the broker is there

  /** What can befall the API, other than its line. */
  enum Silence {
    BLACK_HOLE,
    BLACK_HOLE_THERE,
    BLACK_HOLE_BACK,
    RESET,
    UNAVAILABLE,
    UNAUTHORIZED
  }

  private void strikeApi(Silence silence) {
    switch (silence) {
      case BLACK_HOLE -> toApi.blackHole();
      case BLACK_HOLE_THERE -> toApi.blackHoleThere();
      case BLACK_HOLE_BACK -> toApi.blackHoleBack();
      case RESET -> toApi.reset();
      case UNAVAILABLE -> server.onBeat = beat -> Answer.problem(503, "database-away");
      case UNAUTHORIZED -> server.onBeat = beat -> Answer.problem(401, "unauthenticated");
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesGoElsewhereBeforeTheServerStopsBelievingInTheWorker(Silence silence)
      throws Exception {
    try (WorkerRig rig = rig()) {
      runs(rig, "j1");
      send("j2");
      eventually(() -> assertThat(inbox()).hasSize(1));

      strikeApi(silence);

      // the last good beat was at most a quarter of a lease before
      assertThat(leasesUntil(() -> broker.consumers("jobs.emulator") == 0)).isBetween(0.4, 1.0);
      assertThat(leasesUntil(() -> rig.executor.stopped.contains("j1"))).isLessThan(0.4);
      send("j3");

      toApi.pass();
      server.onBeat = server::beatAnswer;
      assertThat(leasesUntil(this::attached)).isLessThan(1);
      eventually(() -> assertThat(server.outcomes("j3")).containsExactly(JobState.PASSED));
      assertThat(server.outcomes("j1")).isEmpty();
      assertThat(server.registrations).hasSize(1);
    }
  }

  @Test
  void beatsWhoseAnswersAreLostRenewNoLeaseForLong() throws Exception {
    try (WorkerRig rig = rig()) {
      runs(rig, "j1");
      eventually(() -> assertThat(server.lastBeat().leases()).hasSize(1));
      toApi.blackHoleBack();
      long struck = System.nanoTime();

      int before = server.beats.size();
      eventually(() -> assertThat(rig.executor.stopped).contains("j1"));
      eventually(() -> assertThat(server.beats).hasSizeGreaterThan(before + 2));

      assertThat((server.lastRenewalAt - struck) / 1e6 / LEASE_MS).isLessThan(0.5);
    }
  }

  @Test
  void leasesThatABeatLeftOutAreRenewedAtOnceWhenTheServerAnswersAgain() throws Exception {
    try (WorkerRig rig = rig()) {
      runs(rig, "j1");
      eventually(() -> assertThat(server.lastBeat().leases()).hasSize(1));
      toApi.blackHole();
      eventually(() -> assertThat(broker.consumers("jobs.emulator")).isEqualTo(1));
      assertThat(leasesUntil(waited(0.55))).isLessThan(0.7);
      toApi.pass();
      // far beyond the lease that the fault found
      assertThat(leasesUntil(waited(1.5))).isLessThan(1.7);
      rig.executor.letGo("j1");
      eventually(() -> assertThat(server.outcomes("j1")).containsExactly(JobState.PASSED));
      assertThat(rig.executor.stopped).isEmpty();
    }
  }

  private static BooleanSupplier waited(double leases) {
    long until = System.nanoTime() + (long) (leases * LEASE_MS * 1e6);
    return () -> System.nanoTime() - until >= 0;
  }

  // ---- one answer is lost

  @Test
  void aLostAnswerToAClaimCostsLessThanAQuarterOfALease() throws Exception {
    server.onClaim =
        claim -> server.claims.size() == 1 ? Answer.NEVER : server.granted(claim, claim.jobId());
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached()).isTrue());
      send("j1");
      eventually(() -> assertThat(server.claims).isNotEmpty());
      assertThat(leasesUntil(() -> !server.outcomes("j1").isEmpty())).isLessThan(0.25);
      assertThat(server.claims).extracting(Claim::token).containsOnly(server.claims.get(0).token());
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void aLostAnswerToAReportIsAskedForAgainWithTheSameToken() throws Exception {
    server.onFinish =
        reported ->
            server.finishes.size() == 1
                ? Answer.NEVER
                : Answer.problem(409, "fenced"); // whichever clear answer ends it
    try (WorkerRig rig = rig()) {
      send("j1");
      eventually(() -> assertThat(server.finishes).isNotEmpty());
      assertThat(leasesUntil(() -> server.finishes.size() == 2)).isLessThan(0.4);
      assertThat(server.finishes)
          .extracting(FakeServer.Reported::finish)
          .extracting(Finish::token)
          .containsOnly(server.claims.get(0).token());
      eventually(() -> assertThat(server.lastBeat().leases()).isEmpty());
      assertThat(rig.executor.batches).hasSize(1);
    }
  }

  @Test
  void aGoodbyeThatIsNotAnsweredIsSaidAgain() throws Exception {
    try (WorkerRig rig = rig()) {
      eventually(() -> assertThat(attached()).isTrue());
      server.onGoodbye =
          () -> server.goodbyes.size() == 1 ? Answer.problem(503, "x") : Answer.ok("");
      rig.worker.drain();
      assertThat(rig.awaitEnd()).isEqualTo(Worker.End.DRAINED);
      assertThat(server.goodbyes).hasSize(2);
    }
  }
}
