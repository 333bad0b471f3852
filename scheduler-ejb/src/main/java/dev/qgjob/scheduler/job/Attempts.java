package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.report.TestResult;
import dev.qgjob.scheduler.database.Batches;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the attempts of jobs and reads them back, many at a time. */
public final class Attempts {
  private final EntityManager entities;

  public Attempts(EntityManager entities) {
    this.entities = entities;
  }

  /** Notes the beginning of an attempt, by the database's clock. */
  void started(Job running, @Nullable Instant at) {
    Batches.insert(entities, List.of(began(running, at)));
  }

  private static AttemptRow began(Job running, @Nullable Instant at) {
    Lease lease = Objects.requireNonNull(running.lease(), "a running job has a lease");
    AttemptRow row = new AttemptRow();
    row.key = new AttemptKey(running.id(), running.attempt());
    row.generation = running.generation();
    row.leaseToken = lease.token();
    row.slotId = lease.slotId();
    row.workerId = lease.workerId();
    row.startedAt = Objects.requireNonNull(at, "a running job has begun");
    return row;
  }

  /** Notes what moves under lock began and ended: each beginning and each end is the first. */
  void moved(List<JobStore.Move> moves) {
    List<AttemptRow> began = new ArrayList<>();
    List<AttemptResultRow> results = new ArrayList<>();
    List<TestResultRow> tests = new ArrayList<>();
    for (JobStore.Move move : moves) {
      if (move.begins()) {
        began.add(began(move.after(), move.at()));
      }
      move.ended()
          .ifPresent(
              ended -> {
                AttemptKey key = new AttemptKey(move.before().id(), ended.number());
                results.add(AttemptResultRow.of(key, ended, move.report(), move.at()));
                addTests(tests, key, move.report());
              });
    }
    Batches.insert(entities, began);
    Batches.insert(entities, results);
    Batches.insert(entities, tests);
  }

  private static void addTests(List<TestResultRow> tests, AttemptKey key, AttemptReport report) {
    int position = 0;
    for (TestResult test : report.tests()) {
      tests.add(TestResultRow.of(key, position++, test));
    }
  }

  /**
   * Records a result unless there is one. The job's row is locked by the move that came before, so
   * the look and the insert are one; where it is not, the key refuses the second.
   */
  boolean ended(
      String jobId, Transition.EndedAttempt ended, AttemptReport report, Instant finishedAt) {
    AttemptKey key = new AttemptKey(jobId, ended.number());
    boolean there = entities.find(AttemptResultRow.class, key) != null;
    entities.clear();
    if (!there) {
      Batches.insert(entities, List.of(AttemptResultRow.of(key, ended, report, finishedAt)));
      List<TestResultRow> tests = new ArrayList<>();
      addTests(tests, key, report);
      Batches.insert(entities, tests);
    }
    return !there;
  }

  Optional<Ending> recorded(String jobId, long generation, String token) {
    Optional<Ending> ending =
        entities
            .createQuery(
                """
                select r from AttemptResultRow r, AttemptRow a
                where a.key.jobId = :job and a.generation = :generation and a.leaseToken = :token
                  and r.key.jobId = a.key.jobId and r.key.number = a.key.number
                """,
                AttemptResultRow.class)
            .setParameter("job", jobId)
            .setParameter("generation", generation)
            .setParameter("token", token)
            .getResultList()
            .stream()
            .findFirst()
            .map(AttemptResultRow::ending);
    entities.clear();
    return ending;
  }

  /** As {@link JobStore#failedTests}. */
  Map<String, List<TestRef>> failedTests(Collection<String> jobIds) {
    Map<String, List<TestRef>> failed = new HashMap<>();
    entities
        .createQuery(
            """
            select t from TestResultRow t
            where t.key.jobId in :jobs and t.status not in (PASSED, SKIPPED)
              and t.key.attempt = (select max(r.key.number) from AttemptResultRow r
                where r.key.jobId = t.key.jobId and r.outcome = FAILED)
            order by t.key.jobId, t.key.position
            """,
            TestResultRow.class)
        .setParameter("jobs", jobIds)
        .getResultList()
        .forEach(
            row ->
                failed
                    .computeIfAbsent(row.key.jobId(), id -> new ArrayList<>())
                    .add(row.toTest().ref()));
    entities.clear();
    return failed;
  }

  /**
   * The attempts of these jobs by job id, in order, with their tests.
   *
   * @param artefacts what was uploaded for them, in the order of its names
   */
  public Map<String, List<Attempt>> of(Collection<String> jobIds, List<Artefact> artefacts) {
    if (jobIds.isEmpty()) {
      return Map.of();
    }
    Map<AttemptKey, List<TestResult>> tests = tests(jobIds);
    Map<AttemptKey, List<Artefact>> files = new HashMap<>();
    artefacts.forEach(
        a ->
            files
                .computeIfAbsent(new AttemptKey(a.jobId(), a.attempt()), k -> new ArrayList<>())
                .add(a));
    Map<String, List<Attempt>> attempts = new HashMap<>();
    for (Object[] row : rows(jobIds)) {
      AttemptRow began = (AttemptRow) row[0];
      attempts
          .computeIfAbsent(began.key.jobId(), k -> new ArrayList<>())
          .add(
              attempt(
                  began,
                  (AttemptResultRow) row[1],
                  tests.getOrDefault(began.key, List.of()),
                  files.getOrDefault(began.key, List.of())));
    }
    entities.clear();
    return attempts;
  }

  private List<Object[]> rows(Collection<String> jobIds) {
    return entities
        .createQuery(
            """
            select a, r from AttemptRow a left join AttemptResultRow r
              on r.key.jobId = a.key.jobId and r.key.number = a.key.number
            where a.key.jobId in :jobs order by a.key.jobId, a.key.number
            """,
            Object[].class)
        .setParameter("jobs", jobIds)
        .getResultList();
  }

  private Map<AttemptKey, List<TestResult>> tests(Collection<String> jobIds) {
    Map<AttemptKey, List<TestResult>> tests = new HashMap<>();
    entities
        .createQuery(
            """
            select t from TestResultRow t where t.key.jobId in :jobs
            order by t.key.jobId, t.key.attempt, t.key.position
            """,
            TestResultRow.class)
        .setParameter("jobs", jobIds)
        .getResultStream()
        .forEach(
            t ->
                tests
                    .computeIfAbsent(
                        new AttemptKey(t.key.jobId(), t.key.attempt()), k -> new ArrayList<>())
                    .add(t.toTest()));
    return tests;
  }

  private static Attempt attempt(
      AttemptRow began,
      @Nullable AttemptResultRow ended,
      List<TestResult> tests,
      List<Artefact> files) {
    return new Attempt(
        began.key.jobId(),
        began.key.number(),
        began.slotId,
        ended == null ? JobState.RUNNING : ended.outcome,
        ended == null ? null : ended.failureKind,
        ended == null ? null : ended.message,
        began.startedAt,
        ended == null ? null : ended.finishedAt,
        ended == null
            ? AttemptReport.NONE
            : new AttemptReport(
                ended.installs,
                ended.stockInstalls,
                Duration.ofMillis(ended.setUpMs),
                Duration.ofMillis(ended.runMs),
                tests),
        files);
  }
}
