package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.SubmissionStore;
import dev.qgjob.domain.submit.Watched;
import dev.qgjob.scheduler.artefact.BlobOwners;
import dev.qgjob.scheduler.database.Batches;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.Ids;
import dev.qgjob.scheduler.fleet.Slots;
import dev.qgjob.scheduler.job.Jobs;
import dev.qgjob.scheduler.placement.Groups;
import dev.qgjob.scheduler.placement.JpaBooks;
import dev.qgjob.scheduler.placement.OrgMinutes;
import dev.qgjob.scheduler.placement.RunResources;
import dev.qgjob.scheduler.placement.RunTargets;
import dev.qgjob.scheduler.placement.Wishes;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs, builds and keys in the database; app binaries among the blobs. */
public final class JpaSubmissionStore implements SubmissionStore {
  private final EntityManager entities;
  private final DatabaseClock clock;
  private final BlobStore blobs;
  private final BlobOwners owners;
  private final Duration lease;
  private final Runs runs;
  private final Slots slots;
  private final Groups groups;
  private final Wishes wishes;
  private final RunTargets runTargets;
  private final RunResources resources;

  /**
   * @param lease how long a slot counts as live after a beat
   */
  public JpaSubmissionStore(EntityManager entities, BlobStore blobs, Duration lease) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.blobs = blobs;
    this.owners = new BlobOwners(entities);
    this.lease = lease;
    this.runs = new Runs(entities);
    this.slots = new Slots(entities);
    this.groups = new Groups(entities);
    this.wishes = new Wishes(entities);
    this.runTargets = new RunTargets(entities);
    this.resources = new RunResources(entities);
  }

  @Override
  public Instant now() {
    return clock.now(entities);
  }

  @Override
  public String newId(String prefix) {
    return Ids.next(prefix);
  }

  @Override
  public boolean hasBlob(String orgId, String sha256) {
    // where servers do not share their folder, the database knows of bytes that are not here
    return owners.owns(orgId, sha256) && blobs.has(sha256);
  }

  @Override
  public Optional<AppFacts> readApp(String orgId, String sha256) {
    return hasBlob(orgId, sha256)
        ? blobs.lend(sha256, ApkReader::read).flatMap(f -> f)
        : Optional.empty();
  }

  @Override
  public Optional<AppVersion> app(String orgId, String appVersionId) {
    return runs.app(orgId, appVersionId);
  }

  @Override
  public void addBuild(Build build) {
    entities.persist(BuildRow.of(build));
    written();
  }

  private void written() {
    entities.flush();
    entities.clear();
  }

  @Override
  public Optional<KeyedRun> byKey(String orgId, String idempotencyKey) {
    RunKeyRow row = entities.find(RunKeyRow.class, new RunKeyRow.Key(orgId, idempotencyKey));
    entities.clear();
    return Optional.ofNullable(row).map(r -> new KeyedRun(r.runId, r.bodyHash));
  }

  @Override
  public boolean add(Run run, List<Job> jobs, @Nullable String idempotencyKey, String bodyHash) {
    if (idempotencyKey != null && !takeKey(run, idempotencyKey, bodyHash)) {
      return false;
    }
    Batches.insert(entities, List.of(RunRow.of(run)));
    wishes.add(run);
    runTargets.add(run);
    resources.add(run);
    Map<GroupKey, List<Job>> byGroup = jobs.stream().collect(Collectors.groupingBy(Job::group));
    byGroup.forEach((group, some) -> new Jobs(entities).add(some, groups.idOf(group)));
    return true;
  }

  /** Waits for another transaction that is about to take the same key, and gives way to it. */
  private boolean takeKey(Run run, String key, String bodyHash) {
    return entities
            .createNativeQuery(
                """
                insert ignore into run_key (org_id, idempotency_key, run_id, body_hash)
                values (:org, :key, :run, :body)
                """)
            .setParameter("org", run.orgId())
            .setParameter("key", key)
            .setParameter("run", run.id())
            .setParameter("body", bodyHash)
            .executeUpdate()
        == 1;
  }

  @Override
  public List<Slot> liveSlots(Target target) {
    return slots.live(target, now().minus(lease));
  }

  @Override
  public void watch(Watched run) {
    entities.persist(RunWatchRow.of(run));
    written();
  }

  @Override
  public void seen(String runId) {
    entities
        .createQuery("update RunWatchRow w set w.seenAt = database_time() where w.runId = :run")
        .setParameter("run", runId)
        .executeUpdate();
  }

  @Override
  public List<Watched> watched() {
    List<Watched> watched =
        entities
            .createQuery("select w from RunWatchRow w order by w.runId", RunWatchRow.class)
            .getResultStream()
            .map(RunWatchRow::toWatched)
            .toList();
    entities.clear();
    return watched;
  }

  @Override
  public List<Resource> resources(String orgId) {
    return resources.ofOrg(orgId);
  }

  @Override
  public Optional<Minutes> minutes(String orgId) {
    return Optional.ofNullable(new OrgMinutes(entities).now().get(orgId));
  }

  @Override
  public Map<FigureKey, Figure> figures(Collection<FigureKey> keys) {
    return new JpaBooks(entities).figures(keys);
  }

  @Override
  public Optional<Run> newestRun(String orgId, String appVersionId) {
    return runs.newestOf(orgId, appVersionId);
  }
}
