package dev.qgjob.scheduler.fleet;

import dev.qgjob.scheduler.broker.WorkerQueues;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;

/**
 * Which workers have a queue of their own, and when it goes: a lease after its worker left, since
 * until then a tick may send to the slots that it still saw; and long after one fell silent for
 * good. All under the lock of the worker's row, so that a queue never goes while its worker
 * registers. What the broker is too busy or too dead to do is done later.
 */
public final class HandOffQueues {
  private static final Duration LEAST_SILENCE = Duration.ofHours(1);
  private static final int LEASES_OF_SILENCE = 10;

  private static final String DUE =
      """
      (q.removeAt <= database_time()
       or q.removeAt is null and w.lastBeatAt < database_time_after(:silence))
      """;

  private final EntityManager entities;
  private final WorkerQueues queues;
  private final Duration lease;

  /**
   * @param lease how long a lease lives
   */
  public HandOffQueues(EntityManager entities, WorkerQueues queues, Duration lease) {
    this.entities = entities;
    this.queues = queues;
    this.lease = lease;
  }

  /** The worker registers: makes its queue. The caller holds the lock of the worker's row. */
  public void open(String workerId) {
    queues.open(workerId);
    entities.merge(new WorkerQueueRow(workerId));
    entities.flush();
    entities.clear();
  }

  /** The worker has left: its queue goes a lease from now. */
  public void left(String workerId) {
    entities
        .createQuery(
            """
            update WorkerQueueRow q set q.removeAt = database_time_after(:lease)
            where q.workerId = :worker
            """)
        .setParameter("lease", lease.toNanos() / 1000)
        .setParameter("worker", workerId)
        .executeUpdate();
  }

  /** Workers whose queue is to go. */
  public List<String> due() {
    return entities
        .createQuery(
            "select q.workerId from WorkerQueueRow q, WorkerRow w where w.id = q.workerId and "
                + DUE
                + " order by q.workerId",
            String.class)
        .setParameter("silence", -silence().toNanos() / 1000)
        .getResultList();
  }

  /** Removes the queue, if it is to go still. */
  public void remove(String workerId) {
    new JpaFleetStore(entities).lockWorker(workerId);
    if (due().contains(workerId)) {
      queues.close(workerId);
      entities
          .createQuery("delete from WorkerQueueRow q where q.workerId = :worker")
          .setParameter("worker", workerId)
          .executeUpdate();
    }
  }

  private Duration silence() {
    Duration leases = lease.multipliedBy(LEASES_OF_SILENCE);
    return leases.compareTo(LEAST_SILENCE) > 0 ? leases : LEAST_SILENCE;
  }
}
