package dev.qgjob.api.problem;

import dev.qgjob.protocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * An error on its way out.
 *
 * @param problem what the client is told
 * @param cause for the log only, null where the problem says all
 */
public record Trouble(Problem problem, @Nullable Throwable cause) {
  /** What the client is told, under this request's id. */
  public Problem stamped(String correlationId) {
    return new Problem(
        problem.type(),
        problem.title(),
        problem.status(),
        problem.detail(),
        problem.field(),
        problem.action(),
        correlationId);
  }
}
