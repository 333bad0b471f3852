package dev.qgjob.scheduler.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qgjob.domain.fleet.Compatibility;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** On which phones a build can be installed, as JSON in one column; null: on any. */
@Converter
public class CompatibilityText
    implements AttributeConverter<@Nullable Compatibility, @Nullable String> {
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable Compatibility compatibility) {
    try {
      return compatibility == null || compatibility.equals(Compatibility.ANY)
          ? null
          : JSON.writeValueAsString(compatibility);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public @Nullable Compatibility convertToEntityAttribute(@Nullable String json) {
    try {
      return json == null ? null : JSON.readValue(json, Compatibility.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column that should hold demands holds " + json, e);
    }
  }
}
