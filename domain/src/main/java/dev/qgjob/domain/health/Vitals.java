package dev.qgjob.domain.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inbound: how the server's parts are. Thread-safe; answers within seconds and never throws. */
public interface Vitals {
  /** The parts as they are now. */
  List<Part> parts();

  /**
   * False until the tables are there: a server that started while its database was away cannot
   * answer anything else yet. Asks nobody.
   */
  boolean started();

  /**
   * A part of the server.
   *
   * @param name such as {@code database}
   * @param needed without it no submission can be taken
   * @param trouble what is wrong with it in one line, or null
   */
  record Part(String name, boolean needed, @Nullable String trouble) {}
}
