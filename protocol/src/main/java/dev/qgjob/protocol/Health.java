package dev.qgjob.protocol;

import java.util.Map;

/**
 * How the server is, open to all.
 *
 * @param live the process answers
 * @param ready it can take submissions: the database answers and the schema is current
 * @param checks part to {@code ok} or what is wrong with it
 */
public record Health(boolean live, boolean ready, String version, Map<String, String> checks) {
  public Health {
    checks = Wire.orEmpty(checks);
  }
}
