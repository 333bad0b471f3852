package dev.qgjob.api.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.qgjob.api.problem.Refusal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Jackson found wrong, in the words of whoever wrote the JSON: the field and what to do. */
final class JsonProblems {
  private JsonProblems() {}

  static Refusal of(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return unknown(unknown);
    }
    if (e instanceof InvalidFormatException format && isEnum(format.getTargetType())) {
      return notOneOf(format);
    }
    if (e instanceof InvalidNullException isNull) {
      return Refusal.field(path(isNull), path(isNull) + " holds a null", "leave the null out");
    }
    if (e instanceof MismatchedInputException mismatch) {
      return mismatch(mismatch);
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return Refusal.field(
          path(mapping), path(mapping) + " cannot be read", "correct " + path(mapping));
    }
    return malformed(where(e));
  }

  static Refusal malformed(@Nullable String why) {
    return Refusal.of(
            400, "malformed-json", "the body is not JSON that can be read", "send a JSON object")
        .because(why);
  }

  private static Refusal unknown(UnrecognizedPropertyException e) {
    Collection<Object> ids = e.getKnownPropertyIds();
    String known =
        ids == null
            ? "none"
            : ids.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    return Refusal.of(
            400, "unknown-field", "there is no field " + path(e), "the fields known here: " + known)
        .at(path(e));
  }

  private static Refusal notOneOf(InvalidFormatException e) {
    String allowed =
        Arrays.stream(e.getTargetType().getEnumConstants())
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    String given = Refusal.shortened(String.valueOf(e.getValue()));
    return Refusal.field(path(e), path(e) + " cannot be " + given, "use one of " + allowed);
  }

  private static Refusal mismatch(MismatchedInputException e) {
    String path = path(e);
    if (path.isEmpty()) {
      return malformed("it is not an object");
    }
    if (e.getMessage() != null && e.getMessage().startsWith("Cannot map `null`")) {
      return Refusal.missing(path);
    }
    return Refusal.field(
        path, path + " must be " + named(e.getTargetType()), "correct the type of " + path);
  }

  private static String named(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == String.class) {
      return "text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "of another type";
  }

  private static boolean isEnum(@Nullable Class<?> type) {
    return type != null && type.isEnum();
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    String text = path.toString().replaceAll("\\p{Cntrl}", "?");
    return text.length() <= 200 ? text : text.substring(0, 197) + "...";
  }

  private static @Nullable String where(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? null : "line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
