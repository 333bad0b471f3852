package dev.qgjob.scheduler.access;

import dev.qgjob.domain.access.Secrets;
import java.security.SecureRandom;
import java.util.Base64;

/** Secrets from the platform's strong generator. */
public final class RandomSecrets implements Secrets {
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  @Override
  public String next() {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }
}
