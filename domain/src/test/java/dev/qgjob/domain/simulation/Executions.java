package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet.HeldLease;
import java.util.ArrayList;
import java.util.List;

/** What runs on phones now, whatever anybody believes. */
final class Executions {
  private record Execution(WorkerProcess process, HeldLease lease, long since) {}

  private final List<Execution> running = new ArrayList<>();

  /** A run begins; no other process may be able to prove a lease of the same job. */
  void began(WorkerProcess process, HeldLease lease, long now) {
    for (Execution other : running) {
      if (other.lease().jobId().equals(lease.jobId())
          && other.process() != process
          && !other.process().frozen()
          && process.proven(lease)
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
