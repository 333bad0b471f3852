package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Ledger;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;

/** The books in the database. What ended is found by the time of its result, each time once. */
public final class JpaBooks implements Books {
  /** What ended longer ago than this when the books are opened again is not booked any more. */
  private static final Duration OLDEST = Duration.ofHours(1);

  private static final int AT_ONCE = 500;

  private final EntityManager entities;
  private final DatabaseClock clock;

  public JpaBooks(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
  }

  @Override
  public boolean lock() {
    return !entities
        .createNativeQuery("select id from books where id = 1 for update skip locked")
        .getResultList()
        .isEmpty();
  }

  @Override
  public List<Ended> takeEnded(int most) {
    Instant now = clock.now(entities);
    Instant upTo = now.minus(SETTLED);
    Instant from = bookedUntil();
    if (from.isBefore(now.minus(OLDEST))) {
      from = now.minus(OLDEST);
    }
    if (!from.isBefore(upTo)) {
      return List.of();
    }
    EndedRuns.forget(entities, "run_wish");
    EndedRuns.forget(entities, "run_target");
    EndedRuns.forget(entities, "run_resource");
    EndedRuns.forget(entities, "run_watch");
    List<Ended> ended = ended(from, upTo, most);
    if (ended.size() == most) {
      // some of the last moment may be missing: it is for the next time, unless there is no other
      Instant last = ended.get(most - 1).at();
      List<Ended> whole = ended.stream().filter(e -> e.at().isBefore(last)).toList();
      ended = whole.isEmpty() ? ended : whole;
      upTo = ended.get(ended.size() - 1).at();
    }
    entities
        .createNativeQuery("update books set booked_until = :until where id = 1")
        .setParameter("until", Timestamp.from(upTo))
        .executeUpdate();
    return ended.stream().filter(e -> !e.setUp().isZero() || !e.run().isZero()).toList();
  }

  private Instant bookedUntil() {
    return ((Timestamp)
            entities
                .createNativeQuery("select booked_until from books where id = 1")
                .unwrap(NativeQuery.class)
                .addScalar("booked_until", Timestamp.class)
                .getSingleResult())
        .toInstant();
  }

  private List<Ended> ended(Instant from, Instant upTo, int most) {
    List<Ended> ended = new ArrayList<>();
    for (Object row :
        entities
            .createNativeQuery(
                """
                select j.org_id, b.package_name, j.target, j.test_path, j.parts, r.installs, r.set_up_ms,
                  r.run_ms, r.finished_at
                from attempt_result r join job j on j.id = r.job_id
                  join build b on b.org_id = j.org_id and b.app_version_id = j.app_version_id
                    and b.number = j.build
                where r.finished_at > :from and r.finished_at <= :upTo
                order by r.finished_at limit :most
                """)
            .setParameter("from", Timestamp.from(from))
            .setParameter("upTo", Timestamp.from(upTo))
            .setParameter("most", most)
            .unwrap(NativeQuery.class)
            .addScalar("org_id", String.class)
            .addScalar("package_name", String.class)
            .addScalar("target", String.class)
            .addScalar("test_path", String.class)
            .addScalar("parts", Integer.class)
            .addScalar("installs", Integer.class)
            .addScalar("set_up_ms", Long.class)
            .addScalar("run_ms", Long.class)
            .addScalar("finished_at", Timestamp.class)
            .getResultList()) {
      Object[] c = (Object[]) row;
      ended.add(
          new Ended(
              (String) c[0],
              (String) c[1],
              Target.valueOf((String) c[2]),
              (String) c[3],
              (Integer) c[4],
              (Integer) c[5],
              Duration.ofMillis((Long) c[6]),
              Duration.ofMillis((Long) c[7]),
              ((Timestamp) c[8]).toInstant()));
    }
    return ended;
  }

  /** Each part steps from group to group in the index, past the jobs of it. */
  @Override
  public Map<Target, Set<String>> active() {
    String groups =
        Arrays.stream(Target.values())
            .flatMap(
                target ->
                    List.of("QUEUED", "RUNNING").stream()
                        .map(
                            state ->
                                "select distinct group_id from job where target = '%s' and state = '%s'"
                                    .formatted(target, state)))
            .collect(Collectors.joining(" union "));
    Map<Target, Set<String>> active = new EnumMap<>(Target.class);
    for (Target target : Target.values()) {
      active.put(target, new HashSet<>());
    }
    for (Object row :
        entities
            .createNativeQuery(
                "select distinct g.target, g.org_id from job_group g join ("
                    + groups
                    + ") a on a.group_id = g.id")
            .getResultList()) {
      Object[] c = (Object[]) row;
      active
          .computeIfAbsent(Target.valueOf((String) c[0]), t -> new HashSet<>())
          .add((String) c[1]);
    }
    return active;
  }

  @Override
  public Map<String, Double> weights() {
    Map<String, Double> weights = new HashMap<>();
    for (Object row :
        entities
            .createNativeQuery("select id, weight from org where weight <> 1")
            .getResultList()) {
      Object[] c = (Object[]) row;
      weights.put((String) c[0], ((Number) c[1]).doubleValue());
    }
    return weights;
  }

  @Override
  public Map<String, Ledger.Entry> accounts(Target target) {
    Map<String, Ledger.Entry> accounts = new HashMap<>();
    for (Object row :
        entities
            .createNativeQuery("select org_id, tag, active from org_account where target = :target")
            .setParameter("target", target.name())
            .unwrap(NativeQuery.class)
            .addScalar("org_id", String.class)
            .addScalar("tag", Double.class)
            .addScalar("active", Boolean.class)
            .getResultList()) {
      Object[] c = (Object[]) row;
      accounts.put((String) c[0], new Ledger.Entry((Double) c[1], (Boolean) c[2]));
    }
    return accounts;
  }

  @Override
  public void save(Target target, Map<String, Ledger.Entry> accounts) {
    write(
        """
        insert into org_account (org_id, target, tag, active) values (?, ?, ?, ?)
        on duplicate key update tag = values(tag), active = values(active)
        """,
        accounts.entrySet(),
        (row, account) -> {
          row.setString(1, account.getKey());
          row.setString(2, target.name());
          row.setDouble(3, account.getValue().tag());
          row.setBoolean(4, account.getValue().active());
        });
  }

  @Override
  public void spend(String orgId, YearMonth month, Duration more) {
    new OrgMinutes(entities).add(orgId, month, more);
  }

  private interface Filling<T> {
    void fill(PreparedStatement row, T value) throws SQLException;
  }

  /** As one batch: there may be thousands a second. */
  private <T> void write(String sql, Collection<T> values, Filling<T> filling) {
    entities
        .unwrap(Session.class)
        .doWork(
            connection -> {
              try (PreparedStatement rows = connection.prepareStatement(sql)) {
                for (T value : values) {
                  filling.fill(rows, value);
                  rows.addBatch();
                }
                rows.executeBatch();
              }
            });
  }

  @Override
  public Map<FigureKey, Figure> figures(Collection<FigureKey> keys) {
    Map<String, FigureKey> byId = new LinkedHashMap<>();
    keys.forEach(key -> byId.put(key.id(), key));
    List<String> ids = List.copyOf(byId.keySet());
    Map<FigureKey, Figure> figures = new HashMap<>();
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      OneOf some = new OneOf("id", ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
      Query query =
          entities.createNativeQuery(
              "select id, mean_ms, spread_ms, measured from figure where id in " + some);
      for (Object row : some.in(query).getResultList()) {
        Object[] c = (Object[]) row;
        figures.put(
            byId.get((String) c[0]),
            new Figure(
                Duration.ofMillis(((Number) c[1]).longValue()),
                Duration.ofMillis(((Number) c[2]).longValue()),
                ((Number) c[3]).longValue()));
      }
    }
    return figures;
  }

  @Override
  public void save(Map<FigureKey, Figure> figures) {
    write(
        """
        insert into figure (id, kind, org_id, package_name, target, test_path, mean_ms, spread_ms,
          measured, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, %s)
        on duplicate key update mean_ms = values(mean_ms), spread_ms = values(spread_ms),
          measured = values(measured), updated_at = values(updated_at)
        """
            .formatted(clock.sql()),
        figures.entrySet(),
        (row, entry) -> {
          FigureKey key = entry.getKey();
          row.setString(1, key.id());
          row.setString(2, key.kind().name());
          row.setString(3, key.orgId());
          row.setString(4, key.packageName());
          row.setString(5, key.target().name());
          row.setString(6, key.testPath());
          row.setLong(7, entry.getValue().mean().toMillis());
          row.setLong(8, entry.getValue().spread().toMillis());
          row.setLong(9, entry.getValue().count());
        });
  }
}
