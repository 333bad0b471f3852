package dev.qgjob.scheduler.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Map;

/** A map of texts in one column, as JSON: nobody ever asks for one entry of it. */
@Converter
public class TextMap implements AttributeConverter<Map<String, String>, String> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> TYPE = new TypeReference<>() {};

  @Override
  public String convertToDatabaseColumn(Map<String, String> map) {
    try {
      return JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public Map<String, String> convertToEntityAttribute(String json) {
    try {
      return JSON.readValue(json, TYPE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column that should hold a map holds " + json, e);
    }
  }
}
