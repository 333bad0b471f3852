package dev.qgjob.domain.artefact;

import dev.qgjob.domain.access.Caller;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Inbound: storing and reading bytes. Blobs belong to the org that uploaded them: another org's
 * blob is as good as absent, so nobody learns what others have. Thread-safe.
 */
public interface Artefacts {
  /** The file that an attempt leaves of what it printed. */
  String LOG = "log.txt";

  /** How much of a log is shown while its attempt runs, in bytes. */
  int MOST_LIVE_BYTES = 1 << 20;

  /** How much of a log is read at once, in bytes. */
  int MOST_READ_BYTES = 1 << 20;

  /** Those of the given hashes that the caller's org has not uploaded, in the same order. */
  List<String> missing(Caller caller, List<String> sha256s);

  /**
   * Takes a blob, verifying its hash.
   *
   * @param offset bytes that are left out since they came before: {@link #begun}; 0: none
   */
  Upload store(Caller caller, String sha256, long offset, InputStream body);

  /** Bytes that came of the caller's upload of it that was cut off; 0 where there is none. */
  long begun(Caller caller, String sha256);

  /** Opens a blob that the caller may read: its org's, or any for a worker. */
  Optional<Content> open(Caller caller, String sha256);

  /** Takes a file of a running attempt from the holder of its lease. */
  Upload attach(
      Caller worker,
      String jobId,
      int attempt,
      String leaseToken,
      String name,
      String contentType,
      InputStream body);

  /** Opens a file of an attempt that the caller may see. */
  Optional<Content> openAttached(Caller caller, String jobId, int attempt, String name);

  /**
   * Takes what a running attempt has printed since, from the holder of its lease. What of it came
   * before is left out, so that it may be sent again where no answer came.
   *
   * @param from how many bytes of its log lie before the piece
   * @return STORED, FENCED, OUT_OF_STEP where fewer than {@code from} bytes came before, or
   *     TOO_LARGE beyond {@link #MOST_LIVE_BYTES}
   */
  Upload append(
      Caller worker, String jobId, int attempt, String leaseToken, int from, byte[] piece);

  /**
   * The log of an attempt from a byte on: the file {@link #LOG} that it left, or else what it has
   * printed so far, {@link #MOST_READ_BYTES} at a time; no bytes at its end. Empty where the caller
   * sees no such job.
   */
  Optional<byte[]> log(Caller caller, String jobId, int attempt, long from);

  /** What came of an upload. */
  enum Upload {
    STORED,
    WRONG_HASH,
    TOO_LARGE,
    /** not as many bytes came before, or another one uploads the same now */
    OUT_OF_STEP,
    /** the lease is not held under this token */
    FENCED,
    /** a name with a path in it, or of no use as a file's name */
    BAD_NAME
  }

  /** Bytes to be read and closed by the receiver. {@code size} in bytes. */
  record Content(String contentType, long size, InputStream body) {}
}
