package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.placement.Bus;

/** Whether the broker lets this server in. Thread-safe. */
public interface BrokerCheck {
  /**
   * Connects as the server does, and hangs up. Throws {@link Bus.Unavailable}; may take as long as
   * a broker that is away needs to say so.
   */
  void check();
}
