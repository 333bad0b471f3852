package dev.qgjob.domain.artefact;

import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.report.Artefact;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Outbound: whose bytes are whose. Each call is one short transaction of its own, since an upload
 * may take minutes and must not hold one open.
 */
public interface ArtefactStore {
  /** Which of these the org has uploaded. */
  Set<String> owned(String orgId, Collection<String> sha256s);

  /** Notes that the org uploaded it; a second time changes nothing. */
  void own(String orgId, String sha256, long size);

  /**
   * True where a worker may read these bytes: one for strangers only what a job that it runs needs,
   * any other all.
   */
  boolean mayRead(String workerId, String sha256);

  /**
   * What an attempt has left so far; empty unless this worker runs it under this token and the
   * lease has not run out.
   */
  Optional<Usage> usage(String workerId, String jobId, int attempt, String leaseToken);

  /**
   * Notes a file of an attempt that this worker runs, in place of one of the same name, whose bytes
   * may be idle then; STORED, FENCED or TOO_LARGE, which are judged here and now, whatever was
   * asked before.
   */
  Upload attach(String workerId, Artefact artefact, String leaseToken, ArtefactLimits limits);

  /**
   * Keeps what an attempt that this worker runs has printed since: {@link Artefacts#append}. It
   * goes when a file {@link Artefacts#LOG} is attached.
   */
  Upload append(
      String workerId, String jobId, int attempt, String leaseToken, int from, byte[] piece);

  /** What an attempt has printed so far, from a byte on. */
  byte[] printed(String jobId, int attempt, long from);

  /** Notes bytes that were received and that perhaps nothing names. */
  void idle(String sha256);

  Optional<Artefact> attached(String jobId, int attempt, String name);

  Optional<String> orgOf(String jobId);

  /** Files and the sum of their sizes in bytes. */
  record Usage(int files, long bytes) {}
}
