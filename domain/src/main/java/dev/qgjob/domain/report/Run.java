package dev.qgjob.domain.report;

import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one submission and what they have in common.
 *
 * @param device capabilities that a slot of its jobs has to have; empty: any slot
 * @param timeout how long one job may run
 */
public record Run(
    String id,
    String orgId,
    String appVersionId,
    int build,
    String bundleSha256,
    String projectDir,
    String config,
    String project,
    Target target,
    int priority,
    ResetPolicy reset,
    int retries,
    Duration timeout,
    boolean stock,
    @Nullable String name,
    Map<String, String> environment,
    Map<String, String> device,
    Instant createdAt) {
  public Run {
    environment = Map.copyOf(environment);
    device = Map.copyOf(device);
  }
}
