package dev.qgjob.scheduler.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qgjob.domain.submit.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in Galois/Counter Mode, with a nonce of 96 random bits for each text and a tag of 128
 * bits, as NIST SP 800-38D has it. A text is {@code v1.KEY.BYTES}: the first 8 hex digits of the
 * key's SHA-256, and nonce and cipher text in Base64. Thread-safe.
 */
final class SealedBox implements Vault {
  private static final String VERSION = "v1";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int FINGERPRINT_BYTES = 4;
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> TYPE = new TypeReference<>() {};

  private final SecretKeySpec key;
  private final String fingerprint;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param key 32 bytes
   */
  SealedBox(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    this.fingerprint = fingerprint(key);
  }

  private static String fingerprint(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String seal(Map<String, String> secrets) {
    try {
      byte[] nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      byte[] hidden = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(JSON.writeValueAsBytes(secrets));
      byte[] both = Arrays.copyOf(nonce, NONCE_BYTES + hidden.length);
      System.arraycopy(hidden, 0, both, NONCE_BYTES, hidden.length);
      return VERSION + "." + fingerprint + "." + Base64.getEncoder().encodeToString(both);
    } catch (GeneralSecurityException | JsonProcessingException e) {
      throw new IllegalStateException("secrets cannot be sealed", e);
    }
  }

  @Override
  public Optional<Map<String, String>> open(String sealed) {
    String[] parts = sealed.split("\\.", 3);
    if (parts.length != 3 || !parts[0].equals(VERSION) || !parts[1].equals(fingerprint)) {
      return Optional.empty();
    }
    try {
      byte[] both = Base64.getDecoder().decode(parts[2].getBytes(StandardCharsets.US_ASCII));
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, NONCE_BYTES));
      byte[] clear = cipher.doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
      return Optional.of(JSON.readValue(clear, TYPE));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
