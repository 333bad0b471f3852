package dev.qgjob.api.access;

import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Who was behind a token a moment ago, so that not every request asks the database. A token that is
 * revoked here is forgotten at once; one that runs out, or that another server revokes, is
 * forgotten within {@link #FRESH}. Tokens that are not known are asked for each time. Thread-safe.
 */
public final class KnownCallers {
  /** How long an answer counts. */
  public static final Duration FRESH = Duration.ofSeconds(2);

  private static final int MOST = 10_000;

  private record Known(Caller caller, long since) {}

  private final Access access;
  private final LongSupplier nanoTime;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private volatile long forgotten;

  public KnownCallers(Access access) {
    this(access, System::nanoTime);
  }

  KnownCallers(Access access, LongSupplier nanoTime) {
    this.access = access;
    this.nanoTime = nanoTime;
    this.forgotten = nanoTime.getAsLong() - 1;
  }

  Optional<Caller> of(String token) {
    String hash = hash(token);
    Known held = known.get(hash);
    long now = nanoTime.getAsLong();
    if (held != null && now - held.since() < FRESH.toNanos()) {
      return Optional.of(held.caller());
    }
    Optional<Caller> caller = access.authenticate(token);
    if (caller.isPresent()) {
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(hash, new Known(caller.get(), now));
      if (now - forgotten <= 0) {
        // asked before somebody revoked
        known.remove(hash);
      }
    }
    return caller;
  }

  /** A token was revoked: everybody is asked for again. */
  void forget() {
    forgotten = nanoTime.getAsLong();
    known.clear();
  }

  /** The token itself is not kept in memory longer than its request. */
  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
