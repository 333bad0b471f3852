package dev.qgjob.client;

import dev.qgjob.protocol.Problem;

/** The server answered with an error. */
public final class ApiProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ApiProblem(Problem problem) {
    super(line(problem));
    this.problem = problem;
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
