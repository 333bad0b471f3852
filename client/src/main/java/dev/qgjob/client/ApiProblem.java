package dev.qgjob.client;

import dev.qgjob.protocol.Problem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server answered with an error. */
public final class ApiProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Type of the problems that this client makes of answers that are not qgjob's. */
  static final String FOREIGN = "not-qgjob";

  private final transient Problem problem;
  private final @Nullable Duration retryAfter;

  public ApiProblem(Problem problem) {
    this(problem, null);
  }

  /**
   * @param retryAfter the pause that the server asked for, or null
   */
  public ApiProblem(Problem problem, @Nullable Duration retryAfter) {
    super(line(problem));
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** What the server said. */
  public Problem problem() {
    return problem;
  }

  /** The HTTP status. */
  public int status() {
    return problem.status();
  }

  /** True where the same request may succeed later: 429 and 5xx. */
  public boolean passing() {
    return problem.status() == 429 || problem.status() >= 500;
  }

  /**
   * True where the answer is not a qgjob server's: a server that is just starting, something that
   * stands between, another address. It says nothing about what was asked.
   */
  public boolean foreign() {
    return problem.type().equals(FOREIGN);
  }

  /** The pause that the server asked for before the same request comes again. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  private static String line(Problem problem) {
    StringBuilder line = new StringBuilder(problem.title());
    if (problem.detail() != null) {
      line.append(": ").append(problem.detail());
    }
    if (problem.action() != null) {
      line.append(" (").append(problem.action()).append(')');
    }
    return line.toString();
  }
}
