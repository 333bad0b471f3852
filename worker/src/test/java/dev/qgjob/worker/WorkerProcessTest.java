package dev.qgjob.worker;

import static dev.qgjob.worker.WorkerRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.JobMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker as a real process with real children, and what can befall it from outside. */
@Timeout(180)
class WorkerProcessTest {
  private static final long LEASE_MS = 2_000;

  @TempDir private Path folder;
  private TestBroker broker;
  private FakeServer server;
  private final List<Process> workers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    broker = new TestBroker(folder.resolve("broker"));
    server = new FakeServer(broker.url());
    server.leaseMs = LEASE_MS;
  }

  @AfterEach
  void stop() throws Exception {
    for (Process worker : workers) {
      signal(worker, "CONT");
      worker.destroyForcibly().waitFor();
    }
    for (long pid : allPids()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    server.close();
    broker.close();
  }

  private Process worker() throws IOException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ShellWorker.class.getName(),
                server.uri().toString(),
                folder.resolve("state").toString(),
                folder.resolve("pids").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    workers.add(worker);
    return worker;
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
  }

  private void send(String jobId) throws Exception {
    broker.send("jobs.emulator", null, new JobMessage(jobId, 1, null));
  }

  /** The job's shell and its child, once they run. */
  private List<Long> running(String jobId) throws Exception {
    Path file = folder.resolve("pids").resolve(jobId);
    eventually(() -> assertThat(file).exists());
    return pids(file);
  }

  private static List<Long> pids(Path file) throws IOException {
    return Stream.of(Files.readString(file).strip().split(" ")).map(Long::valueOf).toList();
  }

  private List<Long> allPids() throws IOException {
    List<Long> all = new ArrayList<>();
    if (Files.isDirectory(folder.resolve("pids"))) {
      try (Stream<Path> files = Files.list(folder.resolve("pids"))) {
        for (Path file : files.toList()) {
          all.addAll(pids(file));
        }
      }
    }
    return all;
  }

  private static boolean alive(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertGoneWithin(Duration most, List<Long> pids) {
    long began = System.nanoTime();
    eventually(() -> assertThat(pids).noneMatch(WorkerProcessTest::alive));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(most);
  }

  @Test
  void aCancelEndsTheProcessesWithinTwoSeconds() throws Exception {
    server.leaseMs = 60_000;
    worker();
    send("run-600000");
    List<Long> pids = running("run-600000");

    broker.send("worker.w1", new ControlMessage(ControlMessage.Kind.CANCEL, "run-600000", 1L));

    assertGoneWithin(Duration.ofSeconds(2), pids);
    eventually(() -> assertThat(server.outcomes("run-600000")).containsExactly(JobState.CANCELLED));
  }

  @Test
  void aCancelThatABeatBringsEndsThemToo() throws Exception {
    worker();
    send("run-600000");
    List<Long> pids = running("run-600000");

    server.stopped.add("run-600000");

    // a quarter of a lease until the beat, and two seconds
    assertGoneWithin(Duration.ofMillis(2_000 + LEASE_MS / 4), pids);
  }

  @Test
  void aTerminatedWorkerFinishesWhatRunsAndTakesNothingNew() throws Exception {
    Process worker = worker();
    send("run-1500");
    List<Long> pids = running("run-1500");

    signal(worker, "TERM");
    eventually(() -> assertThat(broker.consumers("jobs.emulator")).isZero());
    send("run-1");

    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(server.outcomes("run-1500")).containsExactly(JobState.PASSED);
    assertThat(server.goodbyes).hasSize(1);
    assertThat(broker.messages("jobs.emulator")).isEqualTo(1);
    assertThat(pids).noneMatch(WorkerProcessTest::alive);
  }

  @Test
  void aWorkerTerminatedTwiceGivesItsJobBackAndLeavesNoProcess() throws Exception {
    Process worker = worker();
    send("run-600000");
    List<Long> pids = running("run-600000");

    signal(worker, "TERM");
    eventually(() -> assertThat(broker.consumers("jobs.emulator")).isZero());
    signal(worker, "TERM");

    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isEqualTo(1);
    assertThat(server.outcomes("run-600000")).containsExactly(JobState.ERROR);
    assertThat(pids).noneMatch(WorkerProcessTest::alive);
  }

  @Test
  void aKilledWorkerTakesItsProcessesAlong() throws Exception {
    Process worker = worker();
    send("run-600000");
    List<Long> pids = running("run-600000");

    signal(worker, "KILL");

    assertGoneWithin(Duration.ofSeconds(2), pids);
  }

  @Test
  void aRestartedWorkerEndsWhatAnEarlierOneLeftBeforeItUsesASlot() throws Exception {
    Process worker = worker();
    send("run-600000");
    List<Long> pids = running("run-600000");
    // the launcher would end its tree: so it goes first, and then the worker at the same instant
    List<ProcessHandle> launchers = worker.children().toList();
    assertThat(launchers).hasSize(1);
    signal(worker, "STOP");
    launchers.forEach(ProcessHandle::destroyForcibly);
    signal(worker, "KILL");
    assertThat(pids).allMatch(WorkerProcessTest::alive);

    server.onRegistration =
        registration -> {
          assertThat(pids).noneMatch(WorkerProcessTest::alive);
          return server.registered(registration);
        };
    worker();
    send("run-10");

    eventually(() -> assertThat(server.outcomes("run-10")).containsExactly(JobState.PASSED));
    assertThat(pids).noneMatch(WorkerProcessTest::alive);
    assertThat(Files.readString(folder.resolve("log"))).contains("ended 1 process groups");
    assertThat(server.registrations).extracting("stateProof").containsOnly("the-proof");
    assertThat(server.registrations)
        .extracting(RegisterWorker::begun)
        .containsExactly(List.of(), List.of("run-600000"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.2, 2.5})
  void aWorkerFrozenForMoreThanALeaseReportsNothingOfWhatRan(double leases) throws Exception {
    Process worker = worker();
    send("run-600000");
    List<Long> pids = running("run-600000");
    eventually(() -> assertThat(server.lastBeat().leases()).hasSize(1));

    signal(worker, "STOP");
    // its children cannot know how long it will sleep: they end before the lease does
    assertGoneWithin(Duration.ofMillis(LEASE_MS), pids);
    freezeFor(leases);
    int before = server.beats.size();
    signal(worker, "CONT");

    eventually(() -> assertThat(server.beats).hasSizeGreaterThan(before + 2));
    assertThat(server.finishes).isEmpty();
    assertThat(server.beats.subList(before + 1, server.beats.size()))
        .allSatisfy(beat -> assertThat(beat.leases()).isEmpty());
    // and it works on
    send("run-10");
    eventually(() -> assertThat(server.outcomes("run-10")).containsExactly(JobState.PASSED));
  }

  @Test
  void aJobThatEndsWhileItsWorkerIsFrozenForALeaseIsNotReported() throws Exception {
    Process worker = worker();
    send("run-1000");
    running("run-1000");

    signal(worker, "STOP");
    freezeFor(1.5);
    signal(worker, "CONT");

    send("run-10");
    eventually(() -> assertThat(server.outcomes("run-10")).containsExactly(JobState.PASSED));
    assertThat(server.outcomes("run-1000")).isEmpty();
  }

  @Test
  void aShortFreezeHarmsNothing() throws Exception {
    Process worker = worker();
    send("run-3000");
    running("run-3000");

    signal(worker, "STOP");
    freezeFor(0.4);
    signal(worker, "CONT");

    eventually(() -> assertThat(server.outcomes("run-3000")).containsExactly(JobState.PASSED));
  }

  private static void freezeFor(double leases) {
    long until = System.nanoTime() + (long) (leases * LEASE_MS * 1e6);
    eventually(() -> assertThat(System.nanoTime() - until).isPositive());
  }
}
