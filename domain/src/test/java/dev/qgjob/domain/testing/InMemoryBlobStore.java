package dev.qgjob.domain.testing;

import dev.qgjob.domain.artefact.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of files by their SHA-256. */
public final class InMemoryBlobStore implements BlobStore {
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  @Override
  public Received receive(InputStream body, long limit, @Nullable String expectedSha256) {
    try {
      byte[] bytes = body.readAllBytes();
      if (bytes.length > limit) {
        return new Received.TooLarge(limit);
      }
      String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      if (expectedSha256 != null && !expectedSha256.equals(sha256)) {
        return new Received.WrongHash(sha256);
      }
      blobs.put(sha256, bytes);
      return new Received.Kept(sha256, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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
