package dev.qgjob.simfarm.adb;

import java.util.Optional;

/** What a phone offers behind its ADB connection. */
public interface Services {
  /**
   * Finds the service for a destination such as {@code shell:getprop} or {@code tcp:6790}. May take
   * its time: it is called on a thread of its own, and the peer is told only when it returns.
   *
   * @return the service, or empty if the phone refuses the destination
   */
  Optional<Service> find(String destination) throws InterruptedException;
}
