package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.SubmissionStore;
import dev.qgjob.domain.testing.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The twin's stores as a desk sees them within a transaction of the simulated database: before the
 * first write other transactions may come in between, and what is written the referee sees too.
 */
final class Stores implements JobStore, FleetStore, BoardStore, SubmissionStore {
  private final InMemoryStore rows;
  private final JobStore jobs;
  private final BoardStore boards;
  private final Database database;
  private final Referee referee;

  /**
   * @param jobs over {@code rows}, or what a mutant makes of it
   */
  Stores(InMemoryStore rows, JobStore jobs, BoardStore boards, Database database, Referee referee) {
    this.rows = rows;
    this.jobs = jobs;
    this.boards = boards;
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

  @Override
  public List<Job> waiting(GroupKey group, int most) {
    return jobs.waiting(group, most);
  }

  @Override
  public List<Job> underToken(String token) {
    return jobs.underToken(token);
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
  public boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    database.writing();
    boolean recorded = jobs.attemptEnded(jobId, ended, report);
    if (recorded) {
      database.note(() -> referee.recorded(jobId, ended));
    }
    return recorded;
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

  // ---- fleet

  @Override
  public Optional<Worker> worker(String workerId) {
    return rows.worker(workerId);
  }

  @Override
  public Optional<Worker> lockWorker(String workerId) {
    database.holdsLock(workerId);
    return rows.lockWorker(workerId);
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

  // ---- boards

  @Override
  public boolean lock(Target target) {
    return database.tryLock(target.name());
  }

  @Override
  public Board read(Target target, Duration lease) {
    return boards.read(target, lease);
  }

  @Override
  public void released(List<Released> released) {
    database.writing();
    boards.released(released);
  }

  @Override
  public void home(GroupKey group, String slotId, @Nullable Long pinnedAt) {
    database.writing();
    boards.home(group, slotId, pinnedAt);
  }

  @Override
  public void learned(GroupKey group, @Nullable Duration setUp, Duration run) {
    database.writing();
    boards.learned(group, setUp, run);
  }

  @Override
  public List<Job> unreported(Target target, Duration grace, Duration lease, int most) {
    return boards.unreported(target, grace, lease, most);
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
    return rows.byKey(orgId, idempotencyKey);
  }

  @Override
  public boolean add(Run run, List<Job> queued, @Nullable String idempotencyKey, String bodyHash) {
    database.writing();
    boolean added = rows.add(run, queued, idempotencyKey, bodyHash);
    if (added) {
      database.note(() -> referee.accepted(run, idempotencyKey, queued));
    }
    return added;
  }

  @Override
  public Set<Target> liveTargets() {
    return rows.liveTargets();
  }

  @Override
  public Optional<Run> newestRun(String orgId, String appVersionId) {
    return rows.newestRun(orgId, appVersionId);
  }
}
