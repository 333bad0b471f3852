package dev.qgjob.protocol;

/** The addresses of the API, below the server's URL. */
public final class Paths {
  /** Prefix of every address. */
  public static final String API = "/api/v1";

  /** Header that makes a repeated submission the same submission. */
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /** Header that carries a lease token beside the worker's own. */
  public static final String LEASE_TOKEN = "Qgjob-Lease-Token";

  /** The most bytes of a log that go to the server at once. */
  public static final int LONGEST_LOG_PIECE = 64 << 10;

  /** Header that says how many bytes of a blob or a log are left out, since they came before. */
  public static final String UPLOAD_OFFSET = "Qgjob-Upload-Offset";

  /** Media type of errors. */
  public static final String PROBLEM_JSON = "application/problem+json";

  private Paths() {}
}
