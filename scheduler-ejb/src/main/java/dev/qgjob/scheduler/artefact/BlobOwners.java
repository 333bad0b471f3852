package dev.qgjob.scheduler.artefact;

import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whose bytes are whose, for this room and those beside it. */
public final class BlobOwners {
  private static final int MOST_KNOWN = 10_000;

  private final EntityManager entities;

  /** What an org owns is never taken from it. */
  private final Set<BlobOwnerRow.Key> known = ConcurrentHashMap.newKeySet();

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
    BlobOwnerRow.Key key = new BlobOwnerRow.Key(orgId, sha256);
    if (known.contains(key)) {
      return true;
    }
    boolean owns = entities.find(BlobOwnerRow.class, key) != null;
    entities.clear();
    if (owns) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.add(key);
    }
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
