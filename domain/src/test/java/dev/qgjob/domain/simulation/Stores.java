package dev.qgjob.domain.simulation;

import dev.qgjob.domain.access.Sha256;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.Absence;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.Pulse;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.placement.Transfers;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.SubmissionStore;
import dev.qgjob.domain.submit.Watched;
import dev.qgjob.domain.testing.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The twin's stores as a desk sees them within a transaction of the simulated database: before the
 * first write other transactions may come in between, and what is written the referee sees too.
 */
final class Stores implements JobStore, FleetStore, BoardStore, SubmissionStore, Pulse {
  private final InMemoryStore rows;
  private final JobStore jobs;

  private final Database database;
  private final Referee referee;
  private final Mutant mutant;
  private @Nullable Instant lastBeat;
  private Absence absence = Absence.NONE;

  /**
   * @param jobs over {@code rows}, or what a mutant makes of it
   */
  Stores(InMemoryStore rows, JobStore jobs, Mutant mutant, Database database, Referee referee) {
    this.rows = rows;
    this.jobs = jobs;
    this.mutant = mutant;
    this.database = database;
    this.referee = referee;
  }

  @Override
  public Instant now() {
    return jobs.now();
  }

  // ---- jobs

  @Override
  public Optional<Job> find(String jobId) {
    return jobs.find(jobId);
  }

  @Override
  public List<Job> ofRun(String runId) {
    return jobs.ofRun(runId);
  }

  @Override
  public boolean replace(Job before, Job after, LeaseGuard guard) {
    database.writing();
    Job was = rows.find(before.id()).orElseThrow();
    if (!jobs.replace(before, after, guard)) {
      return false;
    }
    Job is = rows.find(before.id()).orElseThrow();
    database.note(() -> referee.moved(was, is));
    return true;
  }

  /** Whoever waits for a lock sees what was written meanwhile, and is alone from then on. */
  @Override
  public List<Job> lock(Collection<String> jobIds) {
    database.writing();
    return jobs.lock(jobIds);
  }

  @Override
  public List<Waiting> waiting(GroupKey group, String slotId, int most) {
    return jobs.waiting(group, slotId, most);
  }

  @Override
  public int queuedOn(Target target, int most) {
    return jobs.queuedOn(target, most);
  }

  @Override
  public Map<String, Integer> runningOn(Target target) {
    return jobs.runningOn(target);
  }

  @Override
  public List<Job> underToken(String token) {
    return jobs.underToken(token);
  }

  @Override
  public boolean isHeld(String token) {
    return jobs.isHeld(token);
  }

  @Override
  public Set<String> renew(
      String workerId, long incarnation, Collection<String> tokens, Duration lease) {
    database.writing();
    Set<String> alive = jobs.renew(workerId, incarnation, tokens, lease);
    for (String id : alive) {
      Job job = rows.find(id).orElseThrow();
      database.note(() -> referee.renewed(job));
    }
    return alive;
  }

  @Override
  public List<Job> expired(int most) {
    return jobs.expired(most);
  }

  @Override
  public List<Job> leasedBefore(String workerId, long incarnation) {
    return jobs.leasedBefore(workerId, incarnation);
  }

  @Override
  public void attemptStarted(Job running) {
    database.writing();
    jobs.attemptStarted(running);
  }

  @Override
  public void requeued(Requeue requeue) {
    database.writing();
    jobs.requeued(requeue);
  }

  @Override
  public List<Requeue> lostAt(Collection<String> slotIds, Instant after) {
    return jobs.lostAt(slotIds, after);
  }

  @Override
  public List<Requeue> requeues(String jobId) {
    return jobs.requeues(jobId);
  }

  @Override
  public boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    database.writing();
    boolean recorded = jobs.attemptEnded(jobId, ended, report);
    if (recorded) {
      database.note(() -> referee.recorded(jobId, ended));
    }
    return recorded;
  }

  @Override
  public Map<String, List<TestRef>> failedTests(Collection<String> jobIds) {
    return jobs.failedTests(jobIds);
  }

  @Override
  public Optional<Ending> recorded(String jobId, long generation, String token) {
    return jobs.recorded(jobId, generation, token);
  }

  @Override
  public Optional<Run> run(String runId) {
    return jobs.run(runId);
  }

  @Override
  public Optional<Build> build(GroupKey group) {
    return jobs.build(group);
  }

  // ---- pulse

  @Override
  public Absence beat(Duration least) {
    Instant now = rows.now();
    Instant last = lastBeat;
    boolean away = last != null && !now.isBefore(last.plus(least));
    Absence latest = away ? new Absence(last, now) : absence;
    database.note(
        () -> {
          lastBeat = now;
          absence = latest;
        });
    return latest;
  }

  // ---- fleet

  @Override
  public Optional<Worker> worker(String workerId) {
    return rows.worker(workerId);
  }

  @Override
  public Map<String, Worker> lockFreeWorkers(Collection<String> workerIds) {
    return rows.lockFreeWorkers(workerIds.stream().filter(database::tryLock).toList());
  }

  @Override
  public Optional<Worker> lockWorker(String workerId) {
    database.holdsLock(workerId);
    String shown = Objects.requireNonNull(database.current()).proof();
    Optional<Worker> worker = rows.lockWorker(workerId);
    if (mutant == Mutant.REGISTRATION_WITHOUT_PROOF && shown != null) {
      return worker.map(w -> believed(w, Sha256.hex(shown), w.registration()));
    }
    if (mutant == Mutant.REGISTRATION_COUNTED_AGAIN && shown != null) {
      return worker.map(w -> believed(w, w.stateProofHash(), 0));
    }
    return worker;
  }

  private static Worker believed(Worker worker, @Nullable String proofHash, long registration) {
    return new Worker(
        worker.id(),
        worker.name(),
        worker.incarnation(),
        proofHash,
        registration,
        worker.draining(),
        worker.lastBeatAt());
  }

  @Override
  public void saveWorker(Worker worker) {
    database.writing();
    rows.saveWorker(worker);
  }

  @Override
  public Optional<Slot> slot(String slotId) {
    return rows.slot(slotId);
  }

  @Override
  public List<Slot> slotsOf(String workerId) {
    return rows.slotsOf(workerId);
  }

  @Override
  public List<Slot> slots() {
    return rows.slots();
  }

  @Override
  public void saveSlot(Slot slot) {
    database.writing();
    rows.saveSlot(slot);
  }

  @Override
  public void beaten(String workerId, Instant at) {
    database.writing();
    rows.beaten(workerId, at);
  }

  @Override
  public void removeSlot(String slotId) {
    database.writing();
    rows.removeSlot(slotId);
  }

  @Override
  public void noteInbox(String slotId, List<Fleet.InboxEntry> inbox) {
    database.writing();
    rows.noteInbox(slotId, inbox);
  }

  @Override
  public Map<String, String> running() {
    return rows.running();
  }

  @Override
  public Map<String, Hold> holds() {
    return rows.holds();
  }

  @Override
  public void hold(Hold hold) {
    database.writing();
    rows.hold(hold);
  }

  @Override
  public boolean release(String slotId) {
    database.writing();
    return rows.release(slotId);
  }

  // ---- boards

  @Override
  public boolean lock(Target target) {
    return database.tryLock(target.name());
  }

  @Override
  public Board read(Target target, Duration lease) {
    Board board = rows.read(target, lease);
    return mutant == Mutant.SUSPECTS_TOGETHER
        ? new Board(board.target(), board.now(), board.groups(), board.slots(), Set.of())
        : board;
  }

  @Override
  public Set<String> suspects() {
    return mutant == Mutant.SUSPECTS_TOGETHER ? Set.of() : rows.suspects();
  }

  @Override
  public Map<String, Integer> takeStock(Set<String> resources) {
    return rows.takeStock(resources);
  }

  @Override
  public void watch(Watched run) {
    database.writing();
    rows.watch(run);
  }

  @Override
  public void seen(String runId) {
    database.writing();
    rows.seen(runId);
  }

  @Override
  public List<Watched> watched() {
    return rows.watched();
  }

  @Override
  public List<Resource> resources(String orgId) {
    return rows.resources(orgId);
  }

  @Override
  public Optional<Minutes> minutes(String orgId) {
    return rows.minutes(orgId);
  }

  @Override
  public List<Transfers.Candidate> transferable(Board into, int most) {
    return rows.transferable(into, most);
  }

  @Override
  public void released(List<Released> released) {
    database.writing();
    rows.released(released);
  }

  @Override
  public void home(GroupKey group, String slotId, @Nullable Long pinnedAt) {
    database.writing();
    rows.home(group, slotId, pinnedAt);
  }

  @Override
  public Optional<Duration> runTime(GroupKey group) {
    return rows.runTime(group);
  }

  @Override
  public void learned(GroupKey group, @Nullable Duration setUp, Duration run) {
    database.writing();
    rows.learned(group, setUp, run);
  }

  @Override
  public List<Job> unreported(Target target, Duration grace, Duration lease, int most) {
    return mutant == Mutant.NO_SEARCH_FOR_LOST_MESSAGES
        ? List.of()
        : rows.unreported(target, grace, lease, most);
  }

  // ---- submissions

  @Override
  public String newId(String prefix) {
    return rows.newId(prefix);
  }

  @Override
  public boolean hasBlob(String orgId, String sha256) {
    return rows.hasBlob(orgId, sha256);
  }

  @Override
  public Optional<AppFacts> readApp(String orgId, String sha256) {
    return rows.readApp(orgId, sha256);
  }

  @Override
  public Optional<AppVersion> app(String orgId, String appVersionId) {
    return rows.app(orgId, appVersionId);
  }

  @Override
  public void addBuild(Build build) {
    database.writing();
    // a second server that adds the same build waits for this one at the primary key
    rows.addBuild(build);
  }

  @Override
  public Optional<KeyedRun> byKey(String orgId, String idempotencyKey) {
    return mutant == Mutant.SUBMISSION_WITHOUT_KEY
        ? Optional.empty()
        : rows.byKey(orgId, idempotencyKey);
  }

  @Override
  public boolean add(Run run, List<Job> queued, @Nullable String idempotencyKey, String bodyHash) {
    database.writing();
    String key = mutant == Mutant.SUBMISSION_WITHOUT_KEY ? null : idempotencyKey;
    boolean added = rows.add(run, queued, key, bodyHash);
    if (added) {
      database.note(() -> referee.accepted(run, idempotencyKey, queued));
    }
    return added;
  }

  @Override
  public List<Slot> liveSlots(Target target) {
    return rows.liveSlots(target);
  }

  @Override
  public Map<FigureKey, Figure> figures(Collection<FigureKey> keys) {
    return rows.figures(keys);
  }

  @Override
  public Optional<Run> newestRun(String orgId, String appVersionId) {
    return rows.newestRun(orgId, appVersionId);
  }
}
