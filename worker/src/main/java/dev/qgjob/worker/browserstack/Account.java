package dev.qgjob.worker.browserstack;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Who pays. */
public record Account(String user, String key) {
  /** The account that the environment names. */
  public static Optional<Account> in(Map<String, String> environment) {
    String user = environment.getOrDefault("BROWSERSTACK_USERNAME", "");
    String key = environment.getOrDefault("BROWSERSTACK_ACCESS_KEY", "");
    return user.isBlank() || key.isBlank() ? Optional.empty() : Optional.of(new Account(user, key));
  }

  /** Value of the Authorization header. */
  public String authorization() {
    String both = user + ":" + key;
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Account[" + user + "]";
  }
}
