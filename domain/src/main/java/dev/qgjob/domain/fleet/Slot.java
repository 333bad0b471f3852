package dev.qgjob.domain.fleet;

import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs one job at a time.
 *
 * @param attachment rises whenever its consumers are built anew: a broker's pin holds within one
 * @param holds package name to the SHA-256 of the build that it holds
 */
public record Slot(
    String id,
    String workerId,
    Target target,
    @Nullable String udid,
    Map<String, String> capabilities,
    Map<String, String> holds,
    boolean attached,
    long attachment,
    Instant lastBeatAt) {
  /** The capability of a slot that is for what strangers submit, and for nothing else. */
  public static final Map<String, String> FOR_UNTRUSTED = Map.of("untrusted", "true");

  /** The capability of a slot that takes no job: why, in words for people. */
  public static final String UNAVAILABLE = "unavailable";

  public Slot {
    capabilities = Map.copyOf(capabilities);
    holds = Map.copyOf(holds);
  }

  /** The same, last heard of at this moment. */
  public Slot heardOf(Instant at) {
    return new Slot(id, workerId, target, udid, capabilities, holds, attached, attachment, at);
  }

  /** This build of the package is on it. */
  public boolean holds(String packageName, String sha256) {
    return sha256.equals(holds.get(packageName));
  }

  /** It is marked for what strangers submit. */
  public boolean forUntrusted() {
    return capabilities.entrySet().containsAll(FOR_UNTRUSTED.entrySet());
  }

  /**
   * It has all of these capabilities; one that is {@linkplain #forUntrusted for strangers} serves
   * only who asks for such a one.
   */
  public boolean has(Map<String, String> wished) {
    return capabilities.entrySet().containsAll(wished.entrySet())
        && (!forUntrusted() || wished.entrySet().containsAll(FOR_UNTRUSTED.entrySet()));
  }

  /** It can be given work: its consumers are attached by a beat within the last lease. */
  public boolean live(Instant now, Duration lease) {
    return attached && lastBeatAt.plus(lease).isAfter(now);
  }
}
