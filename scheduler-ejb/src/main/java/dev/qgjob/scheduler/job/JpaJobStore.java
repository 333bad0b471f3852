package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.scheduler.database.Columns;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import dev.qgjob.scheduler.placement.Groups;
import dev.qgjob.scheduler.submit.Runs;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jobs in the database. */
public final class JpaJobStore implements JobStore {
  private static final String REPLACE =
      """
      update JobRow j set
        j.state = :state, j.generation = :generation, j.attempt = :attempt,
        j.brokenAttempts = :brokenAttempts, j.retriesLeft = :retriesLeft,
        j.notBefore = :notBefore, j.avoidSlotId = :avoidSlotId, j.interrupted = :interrupted,
        j.isolation = :isolation,
        j.leaseToken = :leaseToken, j.leaseSlotId = :leaseSlotId,
        j.leaseWorkerId = :leaseWorkerId, j.leaseIncarnation = :leaseIncarnation,
        j.leaseUntil = :leaseUntil,
        j.flaky = :flaky, j.failureKind = :failureKind, j.message = :message,
        j.startedAt = :startedAt, j.finishedAt = :finishedAt%s
      where j.generation = :generationBefore and j.state = :stateBefore
      """;

  private static final String TRANSFER =
      ", j.target = :target, j.groupId = :groupId, j.transfers = :transfers";

  private final EntityManager entities;
  private final DatabaseClock clock;
  private final Jobs jobs;
  private final Attempts attempts;
  private final Runs runs;
  private final Groups groups;

  public JpaJobStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.jobs = new Jobs(entities);
    this.attempts = new Attempts(entities);
    this.runs = new Runs(entities);
    this.groups = new Groups(entities);
  }

  @Override
  public Instant now() {
    return clock.now(entities);
  }

  @Override
  public Optional<Job> find(String jobId) {
    return jobs.where("j.id = :id", Map.of("id", jobId)).stream().findFirst();
  }

  @Override
  public List<Job> ofRun(String runId) {
    return jobs.where("j.runId = :run order by j.id", Map.of("run", runId));
  }

  @Override
  public boolean replace(Job before, Job after, LeaseGuard guard) {
    return replace(List.of(before.id()), before, after, guard) == 1;
  }

  /** Writes the same change to several jobs that are alike in what is guarded and written. */
  private int replace(List<String> ids, Job before, Job after, LeaseGuard guard) {
    Lease held = before.lease();
    boolean transfers = !before.group().equals(after.group());
    OneOf some = new OneOf("id", ids);
    Query update =
        entities.createQuery(
            REPLACE.formatted(transfers ? TRANSFER : "")
                + " and j.id in "
                + some
                + (held == null ? " and j.leaseToken is null" : " and j.leaseToken = :tokenBefore")
                + condition(guard));
    if (held != null) {
      update.setParameter("tokenBefore", held.token());
    }
    write(update, after);
    if (transfers) {
      update
          .setParameter("target", after.group().target())
          .setParameter("groupId", groups.idOf(after.group()))
          .setParameter("transfers", after.transfers());
    }
    return some.in(update)
        .setParameter("generationBefore", before.generation())
        .setParameter("stateBefore", before.state())
        .executeUpdate();
  }

  @Override
  public List<Job> lockFree(Collection<String> jobIds) {
    return jobs.lockFree(jobIds);
  }

  @Override
  public List<Job> lock(Collection<String> jobIds) {
    return jobs.lock(jobIds);
  }

  /** The jobs of one claim mostly move alike, and those of one report too: one update for all. */
  @Override
  public void moveLocked(List<Move> moves) {
    Map<Alike, List<Move>> alike = new LinkedHashMap<>();
    moves.forEach(move -> alike.computeIfAbsent(Alike.of(move), k -> new ArrayList<>()).add(move));
    for (List<Move> same : alike.values()) {
      List<String> ids = same.stream().map(move -> move.before().id()).toList();
      Move any = same.get(0);
      int rows = replace(ids, any.before(), any.after(), LeaseGuard.ANY);
      if (rows != ids.size()) {
        throw new IllegalStateException(
            ids + " were locked, and " + rows + " of them are as they were");
      }
    }
    attempts.moved(moves);
  }

  /** All that {@link #REPLACE} writes and guards. */
  private record Alike(
      JobState stateBefore,
      long generationBefore,
      @Nullable String tokenBefore,
      JobState state,
      long generation,
      int attempt,
      int brokenAttempts,
      int retriesLeft,
      @Nullable Instant notBefore,
      @Nullable String avoidSlotId,
      boolean interrupted,
      Isolation isolation,
      GroupKey group,
      @Nullable Lease lease,
      boolean flaky,
      @Nullable FailureKind failureKind,
      @Nullable String message,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt) {
    static Alike of(Move move) {
      Job before = move.before();
      Job after = move.after();
      Lease held = before.lease();
      return new Alike(
          before.state(),
          before.generation(),
          held == null ? null : held.token(),
          after.state(),
          after.generation(),
          after.attempt(),
          after.brokenAttempts(),
          after.retriesLeft(),
          after.notBefore(),
          after.avoidSlotId(),
          after.interrupted(),
          after.isolation(),
          after.group(),
          after.lease(),
          after.flaky(),
          after.failureKind(),
          after.message(),
          after.startedAt(),
          after.finishedAt());
    }
  }

  private String condition(LeaseGuard guard) {
    return switch (guard) {
      case ANY -> "";
      case LIVE -> " and j.leaseUntil > database_time()";
      case EXPIRED -> " and j.leaseUntil <= database_time()";
    };
  }

  private static void write(Query update, Job after) {
    Lease lease = after.lease();
    update
        .setParameter("state", after.state())
        .setParameter("generation", after.generation())
        .setParameter("attempt", after.attempt())
        .setParameter("brokenAttempts", after.brokenAttempts())
        .setParameter("retriesLeft", after.retriesLeft())
        .setParameter("notBefore", after.notBefore())
        .setParameter("avoidSlotId", after.avoidSlotId())
        .setParameter("interrupted", after.interrupted())
        .setParameter("isolation", after.isolation())
        .setParameter("leaseToken", lease == null ? null : lease.token())
        .setParameter("leaseSlotId", lease == null ? null : lease.slotId())
        .setParameter("leaseWorkerId", lease == null ? null : lease.workerId())
        .setParameter("leaseIncarnation", lease == null ? null : lease.incarnation())
        .setParameter("leaseUntil", lease == null ? null : lease.until())
        .setParameter("flaky", after.flaky())
        .setParameter("failureKind", after.failureKind())
        .setParameter("message", Columns.readable(after.message()))
        .setParameter("startedAt", after.startedAt())
        .setParameter("finishedAt", after.finishedAt());
  }

  /** Ids alone: a claim looks at many times more than it takes. */
  @Override
  public List<Waiting> waiting(GroupKey group, String slotId, int most) {
    TypedQuery<Object[]> query =
        entities.createQuery(
            "select j.id, j.runId from JobRow j where "
                + Jobs.OF_GROUP
                // the target is the group's, and what the index begins with
                + """
                 and j.target = :target and j.state = QUEUED and j.interrupted = false
                and (j.notBefore is null or j.notBefore <= database_time())
                and (j.releasedGeneration is null or j.releasedGeneration < j.generation
                  or j.releasedSlotId is null or j.releasedSlotId = :slot)
                """
                + Jobs.IN_ORDER_OF_GROUP,
            Object[].class);
    Jobs.ofGroup(group).forEach(query::setParameter);
    return query.setParameter("slot", slotId).setMaxResults(most).getResultList().stream()
        .map(row -> new Waiting((String) row[0], (String) row[1]))
        .toList();
  }

  @Override
  public int queuedOn(Target target, int most) {
    return ((Number)
            entities
                .createNativeQuery(
                    "select count(*) from (select 1 from job where target = :target"
                        + " and state = 'QUEUED' limit :most) waiting")
                .setParameter("target", target.name())
                .setParameter("most", most)
                .getSingleResult())
        .intValue();
  }

  @Override
  public Map<String, Integer> runningOn(Target target) {
    Map<String, Integer> running = new HashMap<>();
    entities
        .createQuery(
            """
            select j.leaseSlotId, count(*) from JobRow j
            where j.target = :target and j.state = RUNNING group by j.leaseSlotId
            """,
            Object[].class)
        .setParameter("target", target)
        .getResultStream()
        .forEach(row -> running.put((String) row[0], ((Number) row[1]).intValue()));
    return running;
  }

  @Override
  public List<Job> underToken(String token) {
    return jobs.where(
        "j.leaseToken = :token and j.state = RUNNING order by j.id", Map.of("token", token));
  }

  @Override
  public boolean isHeld(String token) {
    return !entities
        .createQuery(
            "select j.id from JobRow j where j.leaseToken = :token and j.state = RUNNING",
            String.class)
        .setParameter("token", token)
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  @Override
  public Set<String> renew(
      String workerId, long incarnation, Collection<String> tokens, Duration lease) {
    if (tokens.isEmpty()) {
      return Set.of();
    }
    OneOf some = new OneOf("token", tokens);
    String alive =
        " j.leaseToken in "
            + some
            + """
         and j.leaseWorkerId = :worker
        and j.leaseIncarnation = :incarnation and j.state = RUNNING and j.leaseUntil > database_time()
        """;
    some.in(
            entities.createQuery(
                "update JobRow j set j.leaseUntil = database_time_after(:microseconds) where"
                    + alive))
        .setParameter("microseconds", lease.toNanos() / 1000)
        .setParameter("worker", workerId)
        .setParameter("incarnation", incarnation)
        .executeUpdate();
    return new HashSet<>(
        some.in(entities.createQuery("select j.id from JobRow j where" + alive, String.class))
            .setParameter("worker", workerId)
            .setParameter("incarnation", incarnation)
            .getResultList());
  }

  @Override
  public List<Job> expired(int most) {
    return jobs.where(
        "j.state = RUNNING and j.leaseUntil <= database_time() order by j.leaseUntil, j.id",
        Map.of(),
        most);
  }

  @Override
  public List<Job> leasedBefore(String workerId, long incarnation) {
    return jobs.where(
        """
        j.leaseWorkerId = :worker and j.leaseIncarnation < :incarnation and j.state = RUNNING
        order by j.id
        """,
        Map.of("worker", workerId, "incarnation", incarnation));
  }

  @Override
  public void attemptStarted(Job running) {
    attempts.started(running, running.attempt() == 1 ? running.startedAt() : now());
  }

  @Override
  public boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    return attempts.ended(jobId, ended, report, now());
  }

  @Override
  public void requeued(Requeue requeue) {
    entities.persist(RequeueRow.of(requeue));
    entities.flush();
    entities.clear();
  }

  @Override
  public List<Requeue> lostAt(Collection<String> slotIds, Instant after) {
    if (slotIds.isEmpty()) {
      return List.of();
    }
    OneOf some = new OneOf("slot", slotIds);
    List<Requeue> lost =
        some.in(
                entities.createQuery(
                    "select r from RequeueRow r where r.happenedAt > :after"
                        + " and r.reason = LEASE_LOST and r.slotId in "
                        + some
                        + " order by r.happenedAt, r.key.jobId",
                    RequeueRow.class))
            .setParameter("after", after)
            .getResultStream()
            .map(RequeueRow::toRequeue)
            .toList();
    entities.clear();
    return lost;
  }

  @Override
  public List<Requeue> requeues(String jobId) {
    List<Requeue> requeues =
        entities
            .createQuery(
                "select r from RequeueRow r where r.key.jobId = :job order by r.key.generation",
                RequeueRow.class)
            .setParameter("job", jobId)
            .getResultStream()
            .map(RequeueRow::toRequeue)
            .toList();
    entities.clear();
    return requeues;
  }

  @Override
  public Map<String, List<TestRef>> failedTests(Collection<String> jobIds) {
    return attempts.failedTests(jobIds);
  }

  @Override
  public Optional<Ending> recorded(String jobId, long generation, String token) {
    return attempts.recorded(jobId, generation, token);
  }

  @Override
  public Optional<Run> run(String runId) {
    return runs.find(runId);
  }

  @Override
  public Optional<Build> build(GroupKey group) {
    return runs.build(group);
  }
}
