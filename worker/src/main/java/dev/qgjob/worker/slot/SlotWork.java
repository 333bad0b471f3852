package dev.qgjob.worker.slot;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.lease.LeaseWatch;
import dev.qgjob.worker.link.ClaimAnswer;
import dev.qgjob.worker.link.Delivery;
import dev.qgjob.worker.link.WorkerApi;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Slot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all slots of an incarnation share.
 *
 * @param outbox takes the finishes of all slots to the server
 * @param incarnation number of this registration
 * @param most how many jobs of a group are claimed at once
 * @param executors who runs a target's jobs
 * @param threads lends a thread to a slot that has work
 * @param begun notes what is run
 * @param folder absolute; each batch has a folder of its own in it
 * @param lease length of a lease
 * @param beat time between beats
 * @param confirmation for leases whose claims took long
 * @param ward says which slots are fit for work
 */
public record SlotWork(
    WorkerApi api,
    Outbox outbox,
    long incarnation,
    int most,
    Map<Target, Executor> executors,
    LeaseWatch leases,
    RunningJobs running,
    ExecutorService threads,
    Begun begun,
    Path folder,
    Duration lease,
    Duration beat,
    LongSupplier nanoTime,
    RandomGenerator random,
    Confirmation confirmation,
    Ward ward) {
  /** Asks the server, by a beat of its own, which leases live. */
  public interface Confirmation {
    /** Those of {@code leases} that live; empty when no answer came. */
    Optional<Set<LeaseRef>> alive(List<LeaseRef> leases);
  }

  private static final int MOST_OF_A_NAME = 10;

  ClaimAnswer claim(String slotId, Delivery delivery, String token, int late) {
    return api.claim(
        new Claim(
            incarnation,
            slotId,
            delivery.job().jobId(),
            delivery.job().generation(),
            token,
            most,
            delivery.shared()),
        late);
  }

  /** 128 random bits: nobody else's claim has them. */
  String newToken() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * @param installed called when its first job begins
   */
  Batch newBatch(Slot slot, Runnable installed) {
    Reporter reporter = new Reporter(api, outbox, leases, threads, beat, random);
    return new Batch(
        slot, folderOf(slot), leases, running, begun, reporter, threads, nanoTime, ward, installed);
  }

  /** The same for each batch of a slot: what is compiled for a path is good for the next one. */
  private Path folderOf(Slot slot) {
    String name = slot.id().replaceAll("[^A-Za-z0-9.-]+", "-");
    name =
        name.substring(0, Math.min(name.length(), MOST_OF_A_NAME)); // a socket's path has 107 bytes
    return folder.resolve("batch-" + name + "-" + Integer.toHexString(slot.id().hashCode()));
  }
}
