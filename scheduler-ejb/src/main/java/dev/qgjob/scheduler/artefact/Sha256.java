package dev.qgjob.scheduler.artefact;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** The hash that bytes go by, in lower-case hex. */
final class Sha256 {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A name that is no hash never becomes a path. */
  static String checked(String sha256) {
    if (!HEX.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hex");
    }
    return sha256;
  }

  /** Where bytes lie below their folder or prefix: two levels deep. */
  static String place(String sha256) {
    return checked(sha256).substring(0, 2) + "/" + sha256;
  }
}
