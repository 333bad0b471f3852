package dev.qgjob.domain.testing;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BodyCutOff;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of files by their SHA-256. */
public final class InMemoryBlobStore implements BlobStore {
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, byte[]> begun = new ConcurrentHashMap<>();

  @Override
  public Received receive(InputStream body, long limit, @Nullable String expectedSha256) {
    try {
      byte[] bytes = allOf(body);
      if (bytes.length > limit) {
        return new Received.TooLarge(limit);
      }
      String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      if (expectedSha256 != null && !expectedSha256.equals(sha256)) {
        return new Received.WrongHash(sha256);
      }
      blobs.put(sha256, bytes);
      return new Received.Kept(sha256, bytes.length);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] allOf(InputStream body) {
    try {
      return body.readAllBytes();
    } catch (IOException e) {
      throw cutOff(e);
    }
  }

  private static BodyCutOff cutOff(IOException e) {
    return new BodyCutOff("the upload ended before its end: " + e.getMessage());
  }

  @Override
  public Received goOn(String sha256, String owner, long offset, InputStream body, long limit) {
    String key = owner + "/" + sha256;
    byte[] before = offset == 0 ? new byte[0] : begun.getOrDefault(key, new byte[0]);
    if (before.length != offset) {
      return new Received.OutOfStep();
    }
    begun.remove(key);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(before);
    try {
      for (int next = body.read(); next >= 0; next = body.read()) {
        all.write(next);
      }
    } catch (IOException e) {
      begun.put(key, all.toByteArray());
      throw cutOff(e);
    }
    return receive(new ByteArrayInputStream(all.toByteArray()), limit, sha256);
  }

  @Override
  public long begun(String sha256, String owner) {
    return begun.getOrDefault(owner + "/" + sha256, new byte[0]).length;
  }

  /** All came just now. */
  @Override
  public boolean remove(String sha256, Duration untouched) {
    if (!untouched.isZero() && has(sha256)) {
      return false;
    }
    blobs.remove(sha256);
    return true;
  }

  @Override
  public boolean has(String sha256) {
    return blobs.containsKey(sha256);
  }

  @Override
  public Optional<Opened> open(String sha256) {
    return Optional.ofNullable(blobs.get(sha256))
        .map(bytes -> new Opened(bytes.length, new ByteArrayInputStream(bytes)));
  }
}
