package dev.qgjob.domain.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names the type of a transaction's answer, where the compiler cannot choose an assertion. */
final class Typed {
  private Typed() {}

  static <T> Optional<T> opt(Optional<T> value) {
    return value;
  }

  static <T> List<T> list(List<T> value) {
    return value;
  }

  static <T> Set<T> set(Set<T> value) {
    return value;
  }

  static <K, V> Map<K, V> map(Map<K, V> value) {
    return value;
  }

  static boolean bool(boolean value) {
    return value;
  }
}
