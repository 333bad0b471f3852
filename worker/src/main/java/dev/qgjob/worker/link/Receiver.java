package dev.qgjob.worker.link;

import dev.qgjob.protocol.message.ControlMessage;

/**
 * Who the broker's messages are for. Called on the client's threads: every method only notes and
 * returns.
 */
public interface Receiver {
  /** A job came over the slot's own consumer. */
  void job(String slotId, Delivery delivery);

  /** A job came over the worker's own queue; the message names the slot. */
  void handedOff(Delivery delivery);

  /** The server wants something now; the next beat's answer says the same. */
  void control(ControlMessage message);

  /** A message cannot be read. */
  void malformed(Unreadable message);

  /** What was delivered and not acknowledged is void: the broker gives it out again. */
  void forgotten();

  /** As {@link #forgotten}, of one slot's own consumer. */
  void forgotten(String slotId);

  /** The broker knows neither this worker nor its queue: only registering anew can help. */
  void refused();

  /** Some slot was attached or detached. */
  void attachmentChanged();
}
