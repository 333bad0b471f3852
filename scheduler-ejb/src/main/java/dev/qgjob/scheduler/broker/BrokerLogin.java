package dev.qgjob.scheduler.broker;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom the server is at a broker of its own. Its text form does not show the password. */
record BrokerLogin(String user, String password) {

  /**
   * Says where a broker outside this JVM is; without it the embedded one is used, which knows the
   * server by its JVM.
   */
  private static final String BROKER_URL = "QGJOB_BROKER_URL";

  /** As the environment says it; null for the embedded broker. */
  static @Nullable BrokerLogin of(Map<String, String> environment) {
    if (!environment.containsKey(BROKER_URL)) {
      return null;
    }
    return new BrokerLogin(
        required(environment, "QGJOB_BROKER_USER"), required(environment, "QGJOB_BROKER_PASSWORD"));
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalStateException(
          BROKER_URL + " is set and " + name + " is not: give the server a user at that broker");
    }
    return value;
  }

  @Override
  public String toString() {
    return user;
  }
}
