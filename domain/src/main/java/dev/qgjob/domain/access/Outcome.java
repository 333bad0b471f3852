package dev.qgjob.domain.access;

/** Done, or what is wrong with the request. */
public sealed interface Outcome<T> {
  /** It was done. */
  record Done<T>(T value) implements Outcome<T> {}

  /** A field is missing or wrong; {@code action} says what to do. */
  record Invalid<T>(String field, String problem, String action) implements Outcome<T> {}

  /** It collides with what is there. */
  record Conflict<T>(String problem, String action) implements Outcome<T> {}
}
