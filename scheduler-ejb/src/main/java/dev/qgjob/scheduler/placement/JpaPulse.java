package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.lease.Absence;
import dev.qgjob.domain.lease.Pulse;
import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.query.NativeQuery;

/** The pulse in the database: one row, whose lock makes one server notice an absence's end. */
public final class JpaPulse implements Pulse {
  private final EntityManager entities;
  private final DatabaseClock clock;

  public JpaPulse(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
  }

  @Override
  public Absence beat(Duration least) {
    Instant now = clock.now(entities);
    // MySQL assigns from left to right: the beat comes last
    entities
        .createNativeQuery(
            """
            update pulse set
              away_from = case when beat_at <= :since then beat_at else away_from end,
              away_to = case when beat_at <= :since then :now else away_to end,
              beat_at = case when beat_at < :now then :now else beat_at end
            where id = 1
            """)
        .setParameter("since", Timestamp.from(now.minus(least)))
        .setParameter("now", Timestamp.from(now))
        .executeUpdate();
    Object[] row =
        (Object[])
            entities
                .createNativeQuery("select away_from, away_to from pulse where id = 1")
                .unwrap(NativeQuery.class)
                .addScalar("away_from", Timestamp.class)
                .addScalar("away_to", Timestamp.class)
                .getSingleResult();
    return new Absence(((Timestamp) row[0]).toInstant(), ((Timestamp) row[1]).toInstant());
  }
}
