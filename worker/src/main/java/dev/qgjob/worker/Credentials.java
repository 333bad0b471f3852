package dev.qgjob.worker;

import java.net.URI;

/** Who the worker is, and to whom. */
record Credentials(URI server, String workerId, String name, String token) {
  @SuppressWarnings("ConstantValue") // Jackson leaves an absent component null
  Credentials {
    if (server == null || workerId == null || name == null || token == null) {
      throw new IllegalArgumentException("credentials are incomplete");
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return name + " at " + server;
  }
}
