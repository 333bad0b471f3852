package dev.qgjob.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the wire's records from JSON, as {@link Json} does, for a process that reads one answer and
 * ends: what Jackson learns of each class takes longer than all the rest of such a process. It
 * knows what the wire has (records, lists, maps of text, enums, instants, texts, numbers, truth
 * values) and refuses everything else.
 */
final class Records {
  private static final JsonFactory JSON = new JsonFactory();

  private Records() {}

  /**
   * @throws IOException if it is not JSON, or not of that form
   */
  static <T> T read(byte[] json, Class<T> type) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      Object value = value(parser, type);
      if (value == null || parser.nextToken() != null) {
        throw new JsonParseException(parser, "not one " + type.getSimpleName());
      }
      return type.cast(value);
    }
  }

  private static @Nullable Object value(JsonParser parser, Type type) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonParseException(parser, "it ends too early");
    }
    if (token == JsonToken.VALUE_NULL) {
      return type instanceof Class<?> of && of.isPrimitive() ? zero(of) : null;
    }
    if (type instanceof ParameterizedType of) {
      return of.getRawType() == List.class
          ? list(parser, of.getActualTypeArguments()[0])
          : map(parser, of);
    }
    Class<?> of = (Class<?>) type;
    return of.isRecord() ? record(parser, of) : scalar(parser, of);
  }

  private static Object scalar(JsonParser parser, Class<?> of) throws IOException {
    if (of == String.class) {
      if (!parser.currentToken().isScalarValue()) {
        throw wrong(parser, of);
      }
      return parser.getText();
    }
    if (of == int.class || of == Integer.class) {
      return parser.getIntValue();
    }
    if (of == long.class || of == Long.class) {
      return parser.getLongValue();
    }
    if (of == boolean.class || of == Boolean.class) {
      return parser.getBooleanValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING && of == Instant.class) {
      try {
        return Instant.parse(parser.getText());
      } catch (DateTimeException e) {
        throw wrong(parser, of);
      }
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING && of.isEnum()) {
      for (Object constant : of.getEnumConstants()) {
        if (constant.toString().equals(parser.getText())) {
          return constant;
        }
      }
    }
    throw wrong(parser, of);
  }

  private static JsonParseException wrong(JsonParser parser, Class<?> of) {
    return new JsonParseException(parser, "not a " + of.getSimpleName());
  }

  private static List<Object> list(JsonParser parser, Type of) throws IOException {
    expect(parser, JsonToken.START_ARRAY);
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object element = value(parser, of);
      if (element == null) {
        throw new JsonParseException(parser, "a list has no nulls");
      }
      list.add(element);
    }
    return list;
  }

  private static Map<String, Object> map(JsonParser parser, ParameterizedType of)
      throws IOException {
    if (of.getRawType() != Map.class || of.getActualTypeArguments()[0] != String.class) {
      throw new JsonParseException(parser, of + " is not of the wire");
    }
    expect(parser, JsonToken.START_OBJECT);
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser, of.getActualTypeArguments()[1]);
      if (value == null) {
        throw new JsonParseException(parser, "a map has no nulls");
      }
      map.put(name, value);
    }
    return map;
  }

  private static Object record(JsonParser parser, Class<?> of) throws IOException {
    expect(parser, JsonToken.START_OBJECT);
    RecordComponent[] parts = of.getRecordComponents();
    Map<String, Integer> places = new HashMap<>();
    Class<?>[] types = new Class<?>[parts.length];
    @Nullable Object[] values = new @Nullable Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      places.put(snake(parts[i].getName()), i);
      types[i] = parts[i].getType();
      values[i] = types[i].isPrimitive() ? zero(types[i]) : null;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Integer place = places.get(parser.currentName());
      parser.nextToken();
      if (place == null) {
        parser.skipChildren(); // of a newer server
      } else {
        values[place] = value(parser, parts[place].getGenericType());
      }
    }
    return make(parser, of, types, values);
  }

  private static Object make(
      JsonParser parser, Class<?> of, Class<?>[] types, @Nullable Object[] values)
      throws IOException {
    try {
      Constructor<?> constructor = of.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new JsonParseException(parser, "not a " + of.getSimpleName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(of + " is not of the wire", e);
    }
  }

  private static Object zero(Class<?> primitive) {
    if (primitive == boolean.class) {
      return false;
    }
    return primitive == long.class ? (Object) 0L : (Object) 0;
  }

  private static void expect(JsonParser parser, JsonToken token) throws IOException {
    if (parser.currentToken() != token) {
      throw new JsonParseException(parser, "expected " + token);
    }
  }

  /** {@code stockInstalls} is {@code stock_installs}; digits stay where they are. */
  private static String snake(String name) {
    StringBuilder snake = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }
}
