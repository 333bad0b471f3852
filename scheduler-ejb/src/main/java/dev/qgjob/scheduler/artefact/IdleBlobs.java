package dev.qgjob.scheduler.artefact;

import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.List;

/** Bytes that a row named which is gone: perhaps nothing names them any more. */
public final class IdleBlobs {
  private final EntityManager entities;

  public IdleBlobs(EntityManager entities) {
    this.entities = entities;
  }

  /** Has them looked at later; what was noted before stays as it was. */
  public void note(Collection<String> sha256s) {
    for (String sha256 : sha256s) {
      entities
          .createNativeQuery(
              "insert ignore into idle_blob (sha256, since) values (:hash, %s)"
                  .formatted(DatabaseClock.of(entities).sql()))
          .setParameter("hash", sha256)
          .executeUpdate();
    }
  }

  /** Those noted before, oldest first, that no other server looks at. */
  public List<String> since(Timestamp before, int most) {
    return entities
        .createNativeQuery(
            "select sha256 from idle_blob where since < :before order by since limit "
                + most
                + " for update skip locked")
        .setParameter("before", before)
        .getResultList()
        .stream()
        .map(String.class::cast)
        .toList();
  }

  /** It is gone, or has a name. */
  public void forget(String sha256) {
    entities
        .createNativeQuery("delete from idle_blob where sha256 = :hash")
        .setParameter("hash", sha256)
        .executeUpdate();
  }
}
