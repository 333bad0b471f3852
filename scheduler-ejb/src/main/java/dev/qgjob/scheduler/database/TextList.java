package dev.qgjob.scheduler.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of texts in one column, as JSON: nobody ever asks for one entry of it. */
@Converter
public class TextList implements AttributeConverter<List<String>, String> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<String>> TYPE = new TypeReference<>() {};

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable List<String> list) {
    try {
      return list == null ? null : JSON.writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public @Nullable List<String> convertToEntityAttribute(@Nullable String json) {
    try {
      return json == null ? null : JSON.readValue(json, TYPE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column that should hold a list holds " + json, e);
    }
  }
}
