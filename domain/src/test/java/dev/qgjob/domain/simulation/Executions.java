package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet.HeldLease;
import java.util.ArrayList;
import java.util.List;

/** What runs on phones now, whatever anybody believes. */
final class Executions {
  private record Execution(WorkerProcess process, HeldLease lease, long since) {}

  /** What a run may take to end: one look at the clock, and the end of its processes. */
  private static final long TO_END = 600;

  private final Simulation world;
  private final List<Execution> running = new ArrayList<>();

  Executions(Simulation world) {
    this.world = world;
  }

  /** A run begins; whatever else ran the same job has ended, but for processes that are frozen. */
  void began(WorkerProcess process, HeldLease lease, long now) {
    // a process that thaws may begin before it has looked at its clock; it stops when it has
    boolean entitled = process.proven(lease);
    for (Execution other : running) {
      if (entitled
          && other.lease().jobId().equals(lease.jobId())
          && !other.process().frozen()
          && now - TO_END > other.process().thawedAt()
          && now - TO_END > world.referee().leaseEnded(lease.jobId())) {
        throw new Violation(
            lease.jobId()
                + " runs at "
                + process.name()
                + ", and still at "
                + other.process().name()
                + " long after that lease has ended");
      }
      if (other.lease().jobId().equals(lease.jobId())
          && other.process() != process
          && !other.process().frozen()
          && entitled
          && other.process().proven(other.lease())) {
        throw new Violation(
            lease.jobId()
                + " runs at "
                + process.name()
                + " under generation "
                + lease.generation()
                + " and at "
                + other.process().name()
                + " under "
                + other.lease().generation()
                + ", and both can prove their leases");
      }
    }
    running.add(new Execution(process, lease, now));
  }

  void ended(WorkerProcess process, HeldLease lease) {
    running.removeIf(e -> e.process() == process && e.lease().equals(lease));
  }
}
