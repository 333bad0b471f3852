package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.report.Run;
import dev.qgjob.scheduler.database.OneOf;
import dev.qgjob.scheduler.database.TextMap;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What runs that have not ended wish of their slots. Safe for concurrent use. */
public final class Wishes {
  private static final TextMap JSON = new TextMap();

  private final EntityManager entities;

  private final OfRuns<Map<String, String>> known;

  public Wishes(EntityManager entities) {
    this.entities = entities;
    this.known = new OfRuns<>(this::find, Map.of());
  }

  /** Notes what a new run wishes for, if it does. */
  public void add(Run run) {
    if (!run.device().isEmpty()) {
      entities
          .createNativeQuery(
              "insert into run_wish (run_id, target, device) values (:run, :target, :device)")
          .setParameter("run", run.id())
          .setParameter("target", run.target().name())
          .setParameter("device", JSON.convertToDatabaseColumn(run.device()))
          .executeUpdate();
    }
  }

  private Map<String, Map<String, String>> find(Collection<String> runIds) {
    OneOf some = new OneOf("run", runIds);
    return wishes(
        some.in(
            entities.createNativeQuery(
                "select run_id, device from run_wish where run_id in " + some)));
  }

  /** Learns what these runs wish for. */
  void read(Collection<String> runIds) {
    known.read(runIds);
  }

  /** What a run wishes for that was {@linkplain #read read}. */
  Map<String, String> of(String runId) {
    return known.of(runId);
  }

  /** All, by run: a job may go on to another target. */
  Map<String, Map<String, String>> open() {
    return wishes(entities.createNativeQuery("select run_id, device from run_wish"));
  }

  private static Map<String, Map<String, String>> wishes(Query query) {
    Map<String, Map<String, String>> wishes = new HashMap<>();
    for (Object row : query.getResultList()) {
      Object[] columns = (Object[]) row;
      Map<String, String> device = JSON.convertToEntityAttribute((String) columns[1]);
      wishes.put((String) columns[0], device == null ? Map.of() : device);
    }
    return wishes;
  }
}
