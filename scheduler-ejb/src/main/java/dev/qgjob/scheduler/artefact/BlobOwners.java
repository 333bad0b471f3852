package dev.qgjob.scheduler.artefact;

import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Whose bytes are whose, for this room and those beside it. */
public final class BlobOwners {
  private static final int MOST_KNOWN = 10_000;

  /** Well below the time for which bytes outlive the last one that owned them. */
  private static final long KNOWN_FOR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final EntityManager entities;

  private final Set<BlobOwnerRow.Key> known = ConcurrentHashMap.newKeySet();
  private volatile long knownSince = System.nanoTime();

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

  /** Whether the org has uploaded it, which it is about to submit with. */
  public boolean owns(String orgId, String sha256) {
    BlobOwnerRow.Key key = new BlobOwnerRow.Key(orgId, sha256);
    if (known.size() >= MOST_KNOWN || System.nanoTime() - knownSince > KNOWN_FOR_NANOS) {
      knownSince = System.nanoTime();
      known.clear();
    }
    if (known.contains(key)) {
      return true;
    }
    BlobOwnerRow row = entities.find(BlobOwnerRow.class, key);
    entities.clear();
    if (row != null) {
      used(key, row.usedAt);
      known.add(key);
    }
    return row != null;
  }

  /** Notes it once a day. */
  private void used(BlobOwnerRow.Key key, Instant last) {
    DatabaseClock clock = DatabaseClock.of(entities);
    if (last.isBefore(clock.now(entities).minus(Duration.ofDays(1)))) {
      entities
          .createNativeQuery(
              "update blob_owner set used_at = %s where org_id = :org and sha256 = :hash"
                  .formatted(clock.sql()))
          .setParameter("org", key.orgId())
          .setParameter("hash", key.sha256())
          .executeUpdate();
    }
  }

  void own(String orgId, String sha256, long size) {
    entities
        .createNativeQuery(
            """
            insert ignore into blob_owner (org_id, sha256, size, created_at, used_at)
            values (:org, :hash, :size, %1$s, %1$s)
            """
                .formatted(DatabaseClock.of(entities).sql()))
        .setParameter("org", orgId)
        .setParameter("hash", sha256)
        .setParameter("size", size)
        .executeUpdate();
  }
}
