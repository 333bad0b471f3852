package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.artefact.ArtefactStore;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whose bytes are whose, in the database; each call wants a transaction around it. */
public final class JpaArtefactStore implements ArtefactStore {
  private static final String RUNS =
      """
       from job where id = :job and attempt = :attempt and state = 'RUNNING'
      and lease_worker_id = :worker and lease_token = :token and lease_until >\s""";

  private final EntityManager entities;
  private final DatabaseClock clock;
  private final BlobOwners owners;
  private final LogPieces pieces;

  public JpaArtefactStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.owners = new BlobOwners(entities);
    this.pieces = new LogPieces(entities);
  }

  @Override
  public Set<String> owned(String orgId, Collection<String> sha256s) {
    return owners.owned(orgId, sha256s);
  }

  @Override
  public void own(String orgId, String sha256, long size) {
    owners.own(orgId, sha256, size);
  }

  private boolean runs(String workerId, String jobId, int attempt, String leaseToken, String lock) {
    return !entities
        .createNativeQuery("select id" + RUNS + clock.sql() + lock)
        .setParameter("job", jobId)
        .setParameter("attempt", attempt)
        .setParameter("worker", workerId)
        .setParameter("token", leaseToken)
        .getResultList()
        .isEmpty();
  }

  @Override
  public boolean mayRead(String workerId, String sha256) {
    return !entities
        .createNativeQuery(
            """
            select w.id from worker w where w.id = :worker and (w.untrusted = false or exists (
              select 1 from job j join run r on r.id = j.run_id join build b
                on b.org_id = r.org_id and b.app_version_id = r.app_version_id
                and b.number = r.build
              where j.lease_worker_id = w.id and j.state = 'RUNNING'
                and (r.bundle_sha256 = :sha or b.sha256 = :sha or exists (
                  select 1 from build_binary f where f.org_id = b.org_id
                    and f.app_version_id = b.app_version_id and f.number = b.number
                    and f.sha256 = :sha))))
            """)
        .setParameter("worker", workerId)
        .setParameter("sha", sha256)
        .getResultList()
        .isEmpty();
  }

  @Override
  public Optional<Usage> usage(String workerId, String jobId, int attempt, String leaseToken) {
    return runs(workerId, jobId, attempt, leaseToken, "")
        ? Optional.of(usage(jobId, attempt))
        : Optional.empty();
  }

  private Usage usage(String jobId, int attempt) {
    Object[] row =
        entities
            .createQuery(
                """
                select count(*), coalesce(sum(a.size), 0L) from ArtefactRow a
                where a.key.jobId = :job and a.key.attempt = :attempt
                """,
                Object[].class)
            .setParameter("job", jobId)
            .setParameter("attempt", attempt)
            .getSingleResult();
    return new Usage(((Number) row[0]).intValue(), ((Number) row[1]).longValue());
  }

  /** The job's row is locked meanwhile: uploads of one attempt take turns, and it cannot end. */
  @Override
  public Upload attach(
      String workerId, Artefact artefact, String leaseToken, ArtefactLimits limits) {
    if (!runs(workerId, artefact.jobId(), artefact.attempt(), leaseToken, " for update")) {
      return Upload.FENCED;
    }
    Usage usage = usage(artefact.jobId(), artefact.attempt());
    Optional<Artefact> earlier = attached(artefact.jobId(), artefact.attempt(), artefact.name());
    int files = usage.files() + (earlier.isPresent() ? 0 : 1);
    long bytes = usage.bytes() + artefact.size() - earlier.map(Artefact::size).orElse(0L);
    if (files > limits.filesPerAttempt() || bytes > limits.bytesPerAttempt()) {
      return Upload.TOO_LARGE;
    }
    entities.merge(ArtefactRow.of(artefact, clock.now(entities)));
    entities.flush();
    entities.clear();
    if (artefact.name().equals(Artefacts.LOG)) {
      pieces.drop(artefact.jobId(), artefact.attempt());
    }
    earlier
        .map(Artefact::sha256)
        .filter(sha256 -> !sha256.equals(artefact.sha256()))
        .ifPresent(this::idle);
    return Upload.STORED;
  }

  @Override
  public Upload append(
      String workerId, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    return runs(workerId, jobId, attempt, leaseToken, "")
        ? pieces.append(jobId, attempt, from, piece)
        : Upload.FENCED;
  }

  @Override
  public byte[] printed(String jobId, int attempt, long from) {
    return pieces.from(jobId, attempt, from);
  }

  @Override
  public void idle(String sha256) {
    new IdleBlobs(entities).note(List.of(sha256));
  }

  @Override
  public Optional<Artefact> attached(String jobId, int attempt, String name) {
    Optional<Artefact> found =
        Optional.ofNullable(
                entities.find(ArtefactRow.class, new ArtefactRow.Key(jobId, attempt, name)))
            .map(ArtefactRow::toArtefact);
    entities.clear();
    return found;
  }

  @Override
  public Optional<String> orgOf(String jobId) {
    return entities
        .createQuery("select j.orgId from JobRow j where j.id = :id", String.class)
        .setParameter("id", jobId)
        .getResultStream()
        .findFirst();
  }
}
