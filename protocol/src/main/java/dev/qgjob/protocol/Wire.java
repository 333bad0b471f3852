package dev.qgjob.protocol;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How names and absent collections look on the wire. */
public final class Wire {
  private Wire() {}

  /** The constant in lower case with hyphens: {@code CLEAR_DATA} is {@code clear-data}. */
  public static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** An unmodifiable copy; an absent list is an empty one. */
  public static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** An unmodifiable copy; an absent map is an empty one. */
  public static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
