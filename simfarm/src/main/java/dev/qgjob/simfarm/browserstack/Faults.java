package dev.qgjob.simfarm.browserstack;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Answers that the stand-in was told to give in place of its own, each so many times. Thread-safe.
 */
public final class Faults {
  /** Which requests are answered so. */
  enum Place {
    /** all of the REST API but uploads */
    API,
    UPLOAD,
    /** requests for a session */
    SESSION
  }

  /** What goes wrong, in BrowserStack's words where they are known. */
  private enum Kind {
    TOO_MANY(429, "Too many requests"),
    OUT_OF_ORDER(503, "Service temporarily unavailable"),
    OUT_OF_MINUTES(
        403,
        "[BROWSERSTACK_TESTING_TIME_LIMIT_EXHAUSTED] App Automate testing time has expired."
            + " Contact BrowserStack Support for extending your Free Trial."),
    QUEUE_FULL(500, Hub.QUEUE_FULL),
    DROPPED(500, Hub.DROPPED);

    private final int status;
    private final String message;

    Kind(int status, String message) {
      this.status = status;
      this.message = message;
    }
  }

  /**
   * An answer.
   *
   * @param retryAfter seconds that the client is asked to wait
   */
  record Fault(int status, String message, OptionalInt retryAfter) {}

  private final Map<Place, Deque<Fault>> next = new EnumMap<>(Place.class);

  /**
   * Notes what {@code where} (api, upload or session), {@code what} (too-many, out-of-order,
   * out-of-minutes, queue-full, dropped or none), {@code times} (1) and {@code retry_after} ask
   * for; {@code none} forgets what was noted for the place.
   *
   * @throws IllegalArgumentException for anything else, with what is wrong
   */
  public synchronized void order(Map<String, String> order) {
    Place place = named(Place.class, "where", order);
    Deque<Fault> waiting = next.computeIfAbsent(place, p -> new ArrayDeque<>());
    if (order.getOrDefault("what", "").equals("none")) {
      waiting.clear();
      return;
    }
    Kind kind = named(Kind.class, "what", order);
    OptionalInt retryAfter =
        order.containsKey("retry_after")
            ? OptionalInt.of(number("retry_after", order, ""))
            : OptionalInt.empty();
    for (int i = number("times", order, "1"); i > 0; i--) {
      waiting.add(new Fault(kind.status, kind.message, retryAfter));
    }
  }

  private static int number(String name, Map<String, String> order, String otherwise) {
    String text = order.getOrDefault(name, otherwise);
    if (!text.matches("\\d{1,4}")) {
      throw new IllegalArgumentException("'" + name + "' is '" + text + "', no number");
    }
    return Integer.parseInt(text);
  }

  private static <E extends Enum<E>> E named(
      Class<E> type, String name, Map<String, String> order) {
    String text = order.getOrDefault(name, "");
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> word(one).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + name
                        + "' is '"
                        + text
                        + "', none of "
                        + Arrays.stream(type.getEnumConstants()).map(Faults::word).toList()));
  }

  private static String word(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The answer to give now, if one is due. */
  synchronized Optional<Fault> take(Place place) {
    return Optional.ofNullable(next.getOrDefault(place, new ArrayDeque<>()).poll());
  }
}
