package dev.qgjob.scheduler.artefact;

import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Whose bytes are whose, for this room and those beside it. */
public final class BlobOwners {
  private final EntityManager entities;

  public BlobOwners(EntityManager entities) {
    this.entities = entities;
  }

  /** Which of these the org has uploaded. */
  public Set<String> owned(String orgId, Collection<String> sha256s) {
    return sha256s.isEmpty()
        ? Set.of()
        : new HashSet<>(
            entities
                .createQuery(
                    """
                    select b.key.sha256 from BlobOwnerRow b
                    where b.key.orgId = :org and b.key.sha256 in :hashes
                    """,
                    String.class)
                .setParameter("org", orgId)
                .setParameter("hashes", sha256s)
                .getResultList());
  }

  /** Whether the org has uploaded it. */
  public boolean owns(String orgId, String sha256) {
    boolean owns = entities.find(BlobOwnerRow.class, new BlobOwnerRow.Key(orgId, sha256)) != null;
    entities.clear();
    return owns;
  }

  void own(String orgId, String sha256, long size) {
    entities
        .createNativeQuery(
            """
            insert ignore into blob_owner (org_id, sha256, size, created_at)
            values (:org, :hash, :size, %s)
            """
                .formatted(DatabaseClock.of(entities).sql()))
        .setParameter("org", orgId)
        .setParameter("hash", sha256)
        .setParameter("size", size)
        .executeUpdate();
  }
}
