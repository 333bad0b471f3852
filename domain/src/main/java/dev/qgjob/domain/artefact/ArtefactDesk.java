package dev.qgjob.domain.artefact;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.report.Artefact;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes bytes in and gives them out, to those whose they are. */
public final class ArtefactDesk implements Artefacts {
  private static final String PLAIN_BYTES = "application/octet-stream";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[\\w.+-]{1,60}/[\\w.+-]{1,60}(; ?charset=[\\w-]{1,40})?");
  private static final Pattern FILE_NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,200}");

  private final ArtefactStore store;
  private final BlobStore blobs;
  private final ArtefactLimits limits;

  public ArtefactDesk(ArtefactStore store, BlobStore blobs, ArtefactLimits limits) {
    this.store = store;
    this.blobs = blobs;
    this.limits = limits;
  }

  @Override
  public List<String> missing(Caller caller, List<String> sha256s) {
    Set<String> owned = store.owned(orgOf(caller), sha256s);
    return sha256s.stream().filter(s -> !owned.contains(s) || !blobs.has(s)).toList();
  }

  @Override
  public long begun(Caller caller, String sha256) {
    return SHA256.matcher(sha256).matches() ? blobs.begun(sha256, orgOf(caller)) : 0;
  }

  @Override
  public Upload store(Caller caller, String sha256, long offset, InputStream body) {
    String orgId = orgOf(caller);
    if (!SHA256.matcher(sha256).matches()) {
      return Upload.WRONG_HASH;
    }
    BlobStore.Received received = blobs.goOn(sha256, orgId, offset, body, limits.blobBytes());
    if (received instanceof BlobStore.Received.Kept kept) {
      store.own(orgId, kept.sha256(), kept.size());
      return Upload.STORED;
    }
    return refused(received);
  }

  private static Upload refused(BlobStore.Received received) {
    if (received instanceof BlobStore.Received.OutOfStep) {
      return Upload.OUT_OF_STEP;
    }
    return received instanceof BlobStore.Received.TooLarge ? Upload.TOO_LARGE : Upload.WRONG_HASH;
  }

  private static String orgOf(Caller caller) {
    String orgId = caller.orgId();
    if (orgId == null) {
      throw new IllegalArgumentException(caller.role() + " has no org that blobs could belong to");
    }
    return orgId;
  }

  @Override
  public Optional<Content> open(Caller caller, String sha256) {
    return mayRead(caller, sha256) ? content(sha256, PLAIN_BYTES) : Optional.empty();
  }

  private boolean mayRead(Caller caller, String sha256) {
    if (!SHA256.matcher(sha256).matches()) {
      return false;
    }
    String orgId = caller.orgId();
    if (orgId != null) {
      return !store.owned(orgId, List.of(sha256)).isEmpty();
    }
    String workerId = caller.workerId();
    return workerId == null ? caller.role() == Role.ADMIN : store.mayRead(workerId, sha256);
  }

  private Optional<Content> content(String sha256, String contentType) {
    return blobs.open(sha256).map(o -> new Content(contentType, o.size(), o.body()));
  }

  @Override
  public Upload attach(
      Caller worker,
      String jobId,
      int attempt,
      String leaseToken,
      String name,
      String contentType,
      InputStream body) {
    if (!usable(name)) {
      return Upload.BAD_NAME;
    }
    String workerId = worker.workerId();
    if (workerId == null) {
      return Upload.FENCED;
    }
    Optional<ArtefactStore.Usage> usage = store.usage(workerId, jobId, attempt, leaseToken);
    if (usage.isEmpty()) {
      return Upload.FENCED;
    }
    long left = limits.bytesPerAttempt() - usage.get().bytes();
    if (left <= 0) {
      return Upload.TOO_LARGE;
    }
    BlobStore.Received received = blobs.receive(body, left, null);
    if (!(received instanceof BlobStore.Received.Kept kept)) {
      return refused(received);
    }
    Artefact file =
        new Artefact(jobId, attempt, name, typeOrBytes(contentType), kept.size(), kept.sha256());
    Upload noted = store.attach(workerId, file, leaseToken, limits);
    if (noted != Upload.STORED) {
      store.idle(kept.sha256());
    }
    return noted;
  }

  private static boolean usable(String name) {
    return FILE_NAME.matcher(name).matches()
        && name.equals(name.strip())
        && !name.equals(".")
        && !name.equals("..");
  }

  private static String typeOrBytes(String contentType) {
    return MEDIA_TYPE.matcher(contentType).matches() ? contentType : PLAIN_BYTES;
  }

  @Override
  public Optional<Content> openAttached(Caller caller, String jobId, int attempt, String name) {
    return store
        .orgOf(jobId)
        .filter(caller::sees)
        .flatMap(org -> store.attached(jobId, attempt, name))
        .flatMap(a -> content(a.sha256(), a.contentType()));
  }

  @Override
  public Upload append(
      Caller worker, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    String workerId = worker.workerId();
    if (workerId == null) {
      return Upload.FENCED;
    }
    return from > MOST_LIVE_BYTES - piece.length
        ? Upload.TOO_LARGE
        : store.append(workerId, jobId, attempt, leaseToken, from, piece);
  }

  @Override
  public Optional<byte[]> log(Caller caller, String jobId, int attempt, long from) {
    return store
        .orgOf(jobId)
        .filter(caller::sees)
        .map(
            org ->
                store
                    .attached(jobId, attempt, LOG)
                    .flatMap(file -> blobs.open(file.sha256()))
                    .map(file -> part(file, from))
                    .orElseGet(() -> store.printed(jobId, attempt, from)));
  }

  private static byte[] part(BlobStore.Opened file, long from) {
    try (InputStream body = file.body()) {
      if (from >= file.size()) {
        return new byte[0];
      }
      body.skipNBytes(from);
      return body.readNBytes(MOST_READ_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
