package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.Map;

/**
 * What a worker needs to know; it hard-codes none of it.
 *
 * @param incarnation number of this start of the worker, rising
 * @param jobQueues target to the queue name as a client addresses it
 * @param ownQueue the worker's hand-off queue
 * @param leaseMs milliseconds that a lease lives without a beat
 * @param beatMs milliseconds between beats
 */
public record WorkerRegistered(
    String workerId,
    long incarnation,
    BrokerAccess broker,
    Map<Target, String> jobQueues,
    String ownQueue,
    long leaseMs,
    long beatMs) {
  public WorkerRegistered {
    jobQueues = Wire.orEmpty(jobQueues);
  }
}
