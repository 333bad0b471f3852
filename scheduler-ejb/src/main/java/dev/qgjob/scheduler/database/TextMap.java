package dev.qgjob.scheduler.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of texts in one column, as JSON: nobody ever asks for one entry of it. */
@Converter
public class TextMap
    implements AttributeConverter<@Nullable Map<String, String>, @Nullable String> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> TYPE = new TypeReference<>() {};

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable Map<String, String> map) {
    try {
      return map == null ? null : JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public @Nullable Map<String, String> convertToEntityAttribute(@Nullable String json) {
    try {
      return json == null ? null : JSON.readValue(json, TYPE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column that should hold a map holds " + json, e);
    }
  }
}
