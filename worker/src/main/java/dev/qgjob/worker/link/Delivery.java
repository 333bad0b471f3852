package dev.qgjob.worker.link;

import dev.qgjob.protocol.message.JobMessage;

/**
 * A job's message in a slot's inbox.
 *
 * @param job what it says
 * @param shared it came over the target's shared queue, not the worker's own
 * @param receipt tells the broker that this one message is done with; harmless when repeated, and
 *     when the connection is gone (the message then comes again and loses its claim)
 */
public record Delivery(JobMessage job, boolean shared, Runnable receipt) {
  /** Acknowledges this message alone. */
  public void acknowledge() {
    receipt.run();
  }
}
