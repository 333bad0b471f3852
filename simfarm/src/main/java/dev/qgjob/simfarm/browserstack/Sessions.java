package dev.qgjob.simfarm.browserstack;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** All sessions since the start. Thread-safe. */
final class Sessions {
  /** A session whose client says nothing for this long is ended, as BrowserStack does. */
  static final Duration IDLE = Duration.ofSeconds(90);

  private final InstantSource clock;
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(Session session) {
    sessions.put(session.id(), session);
  }

  synchronized Optional<Session> find(String id) {
    return Optional.ofNullable(sessions.get(id));
  }

  /** The session if it runs, noting that it was used. */
  synchronized Optional<Session> use(String id) {
    Session session = sessions.get(id);
    if (session == null || !session.running()) {
      return Optional.empty();
    }
    Session used = session.used(clock.instant());
    sessions.put(id, used);
    return Optional.of(used);
  }

  synchronized Optional<Session> change(String id, UnaryOperator<Session> change) {
    return Optional.ofNullable(sessions.computeIfPresent(id, (key, old) -> change.apply(old)));
  }

  /** Ends the session; empty if it had ended, so that its phone is given back only once. */
  synchronized Optional<Session> end(String id, String status) {
    Session session = sessions.get(id);
    if (session == null || !session.running()) {
      return Optional.empty();
    }
    sessions.put(id, session.ended(status));
    return Optional.of(session);
  }

  /** Running sessions that nobody used for too long. */
  synchronized List<Session> idle() {
    Instant before = clock.instant().minus(IDLE);
    return sessions.values().stream()
        .filter(session -> session.running() && session.lastUsed().isBefore(before))
        .toList();
  }

  synchronized int count() {
    return sessions.size();
  }

  Instant now() {
    return clock.instant();
  }
}
