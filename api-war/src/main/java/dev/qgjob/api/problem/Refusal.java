package dev.qgjob.api.problem;

import dev.qgjob.protocol.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request that is not carried out, thrown by whoever finds out and answered by {@link
 * ProblemMapper}. It has no stack trace: it is an answer and no surprise.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String RETRY_AFTER_S = "5";

  private static final Pattern PREDICATE =
      Pattern.compile("(is|are|was|were|has|have|had|names|must|cannot|does|did|leads|lies) ");

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  private Refusal(Problem problem, Map<String, String> headers) {
    super(problem.title(), null, false, false);
    this.problem = problem;
    this.headers = Map.copyOf(headers);
  }

  /** A refusal of this kind; {@code type} is stable, clients may act on it. */
  public static Refusal of(int status, String type, String title, @Nullable String action) {
    return new Refusal(new Problem(type, title, status, null, null, action, null), Map.of());
  }

  /** A field of the request is wrong: 422. */
  public static Refusal field(String field, String problem, @Nullable String action) {
    return of(422, "invalid-field", problem, action).at(field);
  }

  /**
   * A field that the domain found wrong: 422. Its problem may be a predicate of the field, such as
   * "was not uploaded", or a sentence of its own.
   */
  public static Refusal invalid(String field, String problem, @Nullable String action) {
    boolean predicate = PREDICATE.matcher(problem).lookingAt();
    return field(field, predicate ? field + " " + problem : problem, action);
  }

  /** A field of the request is not there: 422. */
  public static Refusal missing(String field) {
    return of(422, "missing-field", field + " is missing", "give " + field).at(field);
  }

  /** There is nothing of this kind that the caller may see: 404. */
  public static Refusal unknown(String kind, String id) {
    return of(
        404,
        "unknown-" + kind.replace(' ', '-'),
        "there is no " + kind + " " + shortened(id),
        "check the id, and that your token is of the org that it belongs to");
  }

  /** The body is longer than what is taken here: 413. */
  public static Refusal tooLarge(String what, @Nullable String action) {
    return of(413, "too-large", what, action);
  }

  /** What may go well a little later: with the time to wait, in words and as a header. */
  public static Refusal later(int status, String type, String title) {
    return of(status, type, title, "try again in " + RETRY_AFTER_S + " s")
        .with(HttpHeaders.RETRY_AFTER, RETRY_AFTER_S);
  }

  /** The same refusal, naming the field at fault. */
  public Refusal at(String field) {
    return new Refusal(
        new Problem(
            problem.type(),
            problem.title(),
            problem.status(),
            problem.detail(),
            field,
            problem.action(),
            null),
        headers);
  }

  /** The same refusal with where and why. */
  public Refusal because(@Nullable String detail) {
    return new Refusal(
        new Problem(
            problem.type(),
            problem.title(),
            problem.status(),
            detail,
            problem.field(),
            problem.action(),
            null),
        headers);
  }

  /** The same refusal with a header on its answer. */
  public Refusal with(String header, String value) {
    return new Refusal(problem, Map.of(header, value));
  }

  /** What the client is told, still without its correlation id. */
  public Problem problem() {
    return problem;
  }

  /** Headers of the answer. */
  public Map<String, String> headers() {
    return headers;
  }

  /** What a client sent, fit to be shown in one line. */
  public static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return "'" + (line.length() <= 80 ? line : line.substring(0, 77) + "...") + "'";
  }
}
