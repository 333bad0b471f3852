package dev.qgjob.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobMoves;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.lease.LeaseDesk;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.lease.Leases.ClaimRequest;
import dev.qgjob.domain.lease.Leases.ClaimResult;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Dispatcher;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.scheduler.database.Schema;
import dev.qgjob.scheduler.fleet.JpaFleetStore;
import dev.qgjob.scheduler.job.JpaJobStore;
import dev.qgjob.scheduler.placement.JpaBoardStore;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only shows when two connections are at it at once. */
abstract class DatabaseRaces {
  private static final int JOBS = 2000;
  private static final int CLAIMS_PER_TRANSACTION = 20;
  private static final LeasePolicy POLICY = new LeasePolicy(Duration.ofSeconds(10), 8);

  @TempDir Path folder;
  private DatabaseWorld world;

  abstract TestDatabase database();

  @BeforeEach
  void fresh() {
    world = new DatabaseWorld(database(), folder);
    world.org(Fixtures.ORG);
  }

  @Test
  void eachJobIsGrantedExactlyOnce() throws Exception {
    List<Job> jobs = Fixtures.queued(world, 1, JOBS);
    Instant until = world.in(s -> s.jobs().now()).plusSeconds(3600);
    CyclicBarrier start = new CyclicBarrier(2);
    List<List<String>> granted =
        together(
            List.of(
                () -> claimAll(jobs, "token-a", until, start),
                () -> claimAll(jobs, "token-b", until, start)));
    List<String> all = new ArrayList<>(granted.get(0));
    all.addAll(granted.get(1));
    assertThat(all).hasSize(JOBS).doesNotHaveDuplicates();
    List<Job> after = world.in(s -> s.jobs().ofRun(jobs.get(0).runId()));
    assertThat(after).allMatch(j -> j.state() == JobState.RUNNING && j.attempt() == 1);
    assertThat(after)
        .filteredOn(j -> j.lease() != null && j.lease().token().equals("token-a"))
        .extracting(Job::id)
        .containsExactlyInAnyOrderElementsOf(granted.get(0));
  }

  private List<String> claimAll(List<Job> jobs, String token, Instant until, CyclicBarrier start)
      throws Exception {
    List<String> won = new ArrayList<>();
    start.await();
    for (int from = 0; from < jobs.size(); from += CLAIMS_PER_TRANSACTION) {
      List<Job> some = jobs.subList(from, Math.min(jobs.size(), from + CLAIMS_PER_TRANSACTION));
      won.addAll(
          database()
              .in(
                  entities -> {
                    JpaJobStore store = new JpaJobStore(entities);
                    return some.stream()
                        .filter(
                            job ->
                                store.replace(
                                    job,
                                    Fixtures.running(job, Fixtures.lease(token, token, until)),
                                    LeaseGuard.ANY))
                        .map(Job::id)
                        .toList();
                  }));
    }
    return won;
  }

  /** Two that choose from the same jobs at once: nobody waits, and none is chosen twice. */
  @Test
  void whoChoosesAtTheSameTimeChoosesOthers() throws Exception {
    List<String> ids = Fixtures.queued(world, 1, 12).stream().map(Job::id).toList();
    CyclicBarrier oneHasChosen = new CyclicBarrier(2);
    CyclicBarrier bothHaveChosen = new CyclicBarrier(2);
    List<List<String>> chosen =
        together(
            List.of(
                () ->
                    choose(
                        ids.subList(0, 8),
                        () -> {},
                        () -> {
                          met(oneHasChosen);
                          met(bothHaveChosen);
                        }),
                () -> choose(ids, () -> met(oneHasChosen), () -> met(bothHaveChosen))));
    assertThat(chosen.get(0)).isEqualTo(ids.subList(0, 8));
    assertThat(chosen.get(1)).isEqualTo(ids.subList(8, 12));
  }

  private List<String> choose(List<String> from, Runnable before, Runnable after) {
    return database()
        .in(
            entities -> {
              before.run();
              List<Job> chosen = new JpaJobStore(entities).lockFree(from);
              after.run();
              return chosen.stream().map(Job::id).toList();
            });
  }

  private static void met(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("one waited for the other", e);
    }
  }

  /** Two reports of the same jobs, and a sweep that takes their leases for lost, all at once. */
  @Test
  void eachAttemptHasOneResultWhoeverReports() throws Exception {
    List<Job> jobs = Fixtures.queued(world, 1, JOBS / 5);
    Instant until = world.in(s -> s.jobs().now()).plusSeconds(3600);
    Function<Job, JobEvent> claimed =
        job -> new JobEvent.Claimed(1, Fixtures.lease("token-a", "s1", until));
    moveAll(jobs, claimed, new CyclicBarrier(1));
    CyclicBarrier start = new CyclicBarrier(3);
    List<Job> backwards = new ArrayList<>(jobs);
    Collections.reverse(backwards);
    Ending passed = new Ending(JobState.PASSED, null, null);
    Function<Job, JobEvent> finished = job -> new JobEvent.Finished(1, "token-a", passed);
    Function<Job, JobEvent> lost = job -> new JobEvent.LeaseLost(1, "nothing was heard");
    List<List<String>> moved =
        together(
            List.of(
                () -> moveAll(jobs, finished, start),
                () -> moveAll(backwards, finished, start),
                () -> moveAll(jobs, lost, start)));
    List<String> all = moved.stream().flatMap(List::stream).toList();
    assertThat(all).hasSize(jobs.size()).doesNotHaveDuplicates();
    assertThat(count(jobs, JobState.QUEUED)).isEqualTo(moved.get(2).size());
    assertThat(count(jobs, JobState.PASSED)).isEqualTo(jobs.size() - moved.get(2).size());
    for (String id : all) {
      Optional<Ending> recorded = database().in(e -> new JpaJobStore(e).recorded(id, 1, "token-a"));
      assertThat(recorded).isPresent();
    }
  }

  /**
   * The lease has run out, and its worker's beat is being written: the worker lives, and the job
   * cannot have killed it.
   */
  @Test
  void aSweepHearsTheBeatThatIsBeingWritten() throws Exception {
    world.worker("w1");
    Fixtures.slots(world, "w1", "s1");
    Job job = Fixtures.queued(world, 1, 1).get(0);
    Instant start = world.in(s -> s.jobs().now());
    Lease lease = Fixtures.lease("token-a", "s1", start);
    moveAll(List.of(job), j -> new JobEvent.Claimed(1, lease), new CyclicBarrier(1));
    Worker silent = new Worker("w1", "w1", 1, null, 1, false, start.minusSeconds(3600));
    world.in(
        s -> {
          s.fleet().saveWorker(silent);
          return null;
        });
    ExecutorService sweeper = Executors.newSingleThreadExecutor();
    EntityManager beating = begun();
    try {
      FleetStore fleet = new JpaFleetStore(beating);
      fleet.lockWorker("w1");
      assertThat(sweeper.submit(this::sweep).get(5, TimeUnit.SECONDS))
          .as("the sweep waits for no beat")
          .isEqualTo(1);
      fleet.beaten("w1", fleet.now());
      beating.getTransaction().commit();
    } finally {
      ended(beating);
      sweeper.shutdownNow();
    }
    List<Requeue> requeues = world.in(s -> s.jobs().requeues(job.id()));
    assertThat(requeues).extracting(Requeue::reason).containsExactly(Requeue.Reason.INTERRUPTED);
    Job after = world.in(s -> s.jobs().find(job.id()).orElseThrow());
    assertThat(after.brokenAttempts()).isZero();
  }

  private int sweep() {
    return database().in(entities -> dispatcher(entities, batch -> {}).sweep());
  }

  private Dispatcher dispatcher(EntityManager entities, Bus bus) {
    return new Dispatcher(
        new JpaBoardStore(entities),
        new JpaJobStore(entities),
        new JpaFleetStore(entities),
        bus,
        POLICY,
        nudge);
  }

  private int count(List<Job> jobs, JobState state) {
    return (int)
        world.in(s -> s.jobs().ofRun(jobs.get(0).runId())).stream()
            .filter(job -> job.state() == state)
            .count();
  }

  /** In transactions of twenty; the ids of those that this made move. */
  private List<String> moveAll(List<Job> jobs, Function<Job, JobEvent> event, CyclicBarrier start)
      throws Exception {
    List<String> won = new ArrayList<>();
    start.await();
    for (int from = 0; from < jobs.size(); from += CLAIMS_PER_TRANSACTION) {
      List<String> some =
          jobs.subList(from, Math.min(jobs.size(), from + CLAIMS_PER_TRANSACTION)).stream()
              .map(Job::id)
              .toList();
      won.addAll(
          database()
              .in(
                  entities ->
                      new JobMoves(new JpaJobStore(entities), nudge)
                          .moveAll(some, event, id -> AttemptReport.NONE).entrySet().stream()
                              .filter(e -> e.getValue().transition() instanceof Transition.Next)
                              .map(Map.Entry::getKey)
                              .toList()));
    }
    return won;
  }

  private final Set<Target> woken = ConcurrentHashMap.newKeySet();
  private final Nudge nudge =
      new Nudge() {
        @Override
        public void workChanged(Target target) {
          woken.add(target);
        }

        @Override
        public void stop(String workerId, String jobId, long generation) {}
      };

  private static <T> List<T> together(List<Callable<T>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(work)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** One may be what breaks the other: while one target sends its own, the other one waits. */
  @Test
  void twoTargetsSendAWorkerOneJobThatBrokeBefore() {
    world.worker("w1");
    Fixtures.slots(world, "w1", "s1");
    world.in(
        s -> {
          s.fleet()
              .saveSlot(
                  new Slot(
                      "d1",
                      "w1",
                      Target.DEVICE,
                      "udid-d1",
                      Map.of(),
                      Map.of(),
                      true,
                      1,
                      s.fleet().now()));
          return null;
        });
    List<Job> jobs = Fixtures.queuedForAny(world, 1, 2, Map.of());
    broken(jobs.get(0));
    moved(broken(jobs.get(1)), new JobEvent.Transferred(2, Target.DEVICE));
    List<Integer> meanwhile = new ArrayList<>();
    Bus slow = batch -> meanwhile.add(tick(Target.DEVICE, sent -> {}));
    assertThat(tick(Target.EMULATOR, slow)).isEqualTo(1);
    assertThat(meanwhile).containsExactly(0);
    assertThat(woken).as("it is tried again soon").contains(Target.DEVICE);
    assertThat(tick(Target.DEVICE, batch -> {})).as("the other one is there now").isZero();
    moved(Fixtures.now(world, jobs.get(0)), new JobEvent.Cancelled("a test"));
    assertThat(tick(Target.DEVICE, batch -> {})).isEqualTo(1);
  }

  /** Its claim is there before the tick has ended, and is answered by how that ends. */
  @Test
  void aJobThatBrokeBeforeIsGrantedOnceItsSendingIsKnown() throws Exception {
    Caller worker = world.worker("w1");
    Fixtures.slots(world, "w1", "s1");
    Job job = broken(Fixtures.queued(world, 1, 1).get(0));
    ExecutorService claiming = Executors.newSingleThreadExecutor();
    try {
      List<Future<ClaimResult>> claims = new ArrayList<>();
      Bus claimed = batch -> claims.add(claiming.submit(() -> claim(worker, job)));
      Bus lost =
          batch -> {
            claimed.send(batch);
            throw new IllegalStateException("the broker went away");
          };
      assertThatThrownBy(() -> tick(Target.EMULATOR, lost)).hasMessageContaining("went away");
      assertThat(claims.get(0).get(20, TimeUnit.SECONDS)).isInstanceOf(ClaimResult.Lost.class);
      assertThat(tick(Target.EMULATOR, claimed)).isEqualTo(1);
      assertThat(claims.get(1).get(20, TimeUnit.SECONDS)).isInstanceOf(ClaimResult.Granted.class);
    } finally {
      claiming.shutdownNow();
    }
  }

  private ClaimResult claim(Caller worker, Job job) {
    return database()
        .in(
            entities ->
                new LeaseDesk(
                        new JpaJobStore(entities),
                        new JpaFleetStore(entities),
                        new JpaBoardStore(entities),
                        POLICY,
                        nudge)
                    .claim(
                        worker,
                        new ClaimRequest(1, "s1", job.id(), job.generation(), "t2", 1, false)));
  }

  /** Its worker was lost under it; it may run again at once. */
  private Job broken(Job job) {
    Instant until = world.in(s -> s.jobs().now()).plusSeconds(3600);
    Job running =
        moved(job, new JobEvent.Claimed(1, Fixtures.lease("token-" + job.id(), "s1", until)));
    Job again = moved(running, new JobEvent.LeaseLost(1, "gone"));
    Job due = Fixtures.dueAt(again, job.createdAt());
    assertThat(due.suspect()).isTrue();
    assertThat(Fixtures.replace(world, again, due, LeaseGuard.ANY)).isTrue();
    return due;
  }

  private Job moved(Job job, JobEvent event) {
    Instant now = world.in(s -> s.jobs().now());
    Job next = ((Transition.Next) JobMachine.apply(job, event, now)).job();
    assertThat(Fixtures.replace(world, job, next, LeaseGuard.ANY)).isTrue();
    return next;
  }

  private int tick(Target target, Bus bus) {
    return database().in(entities -> dispatcher(entities, bus).tick(target).released());
  }

  @Test
  void oneTickAtATimePerTarget() {
    EntityManager first = begun();
    EntityManager second = begun();
    try {
      assertThat(new JpaBoardStore(first).lock(Target.EMULATOR)).isTrue();
      assertThat(new JpaBoardStore(second).lock(Target.EMULATOR)).isFalse();
      assertThat(new JpaBoardStore(second).lock(Target.DEVICE)).isTrue();
      first.getTransaction().commit();
      assertThat(new JpaBoardStore(second).lock(Target.EMULATOR)).isTrue();
    } finally {
      ended(first);
      ended(second);
    }
  }

  private EntityManager begun() {
    EntityManager entities = database().factory().createEntityManager();
    entities.getTransaction().begin();
    return entities;
  }

  private static void ended(EntityManager entities) {
    if (entities.getTransaction().isActive()) {
      entities.getTransaction().rollback();
    }
    entities.close();
  }

  @Test
  void ofTwoSubmissionsUnderOneKeyOneIsKept() throws Exception {
    Fixtures.queued(world, 1, 1);
    CyclicBarrier start = new CyclicBarrier(2);
    List<Boolean> added = together(List.of(() -> add("run_a", start), () -> add("run_b", start)));
    assertThat(added).containsExactlyInAnyOrder(true, false);
  }

  private boolean add(String runId, CyclicBarrier start) throws Exception {
    Run run = world.in(s -> Fixtures.run(runId, 1, s.jobs().now()));
    start.await();
    return world.in(s -> s.submissions().add(run, List.of(), "key", "body-" + runId));
  }

  @Test
  void aClaimAfterTheSendDoesNotUndoTheRelease() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    Instant until = world.in(s -> s.jobs().now()).plusSeconds(60);
    Job running = Fixtures.running(job, Fixtures.lease("token", "s1", until));
    assertThat(Fixtures.replace(world, job, running, LeaseGuard.ANY)).isTrue();
    world.in(
        s -> {
          s.boards()
              .released(
                  List.of(new dev.qgjob.domain.placement.BoardStore.Released(job.id(), 1, null)));
          return null;
        });
    assertThat(Fixtures.now(world, job).state()).isEqualTo(JobState.RUNNING);
    assertThat(Fixtures.now(world, job).release()).isNotNull();
  }

  @Test
  void aSecondStartMigratesNothingAndFindsAllInOrder() {
    Schema.migrate(database().source());
    Schema.validate(database().factory());
  }
}
