package dev.qgjob.lab.faults.plan;

import java.time.Duration;
import java.util.List;

/**
 * One submission to come.
 *
 * @param at from the beginning
 * @param org number of the org, from 0
 * @param version number of the app version, from 0
 * @param timeoutS the jobs' timeout
 * @param repeats whether the same is submitted again under the same key
 * @param givesUp whether the client is gone when the answer comes
 */
public record Shipment(
    Duration at,
    int org,
    int version,
    List<String> tests,
    int timeoutS,
    boolean repeats,
    boolean givesUp) {
  public Shipment {
    tests = List.copyOf(tests);
  }
}
