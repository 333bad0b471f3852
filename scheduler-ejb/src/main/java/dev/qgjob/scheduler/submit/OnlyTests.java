package dev.qgjob.scheduler.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qgjob.domain.report.TestRef;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tests that a run is about, by spec, in one column, as JSON. */
@Converter
public class OnlyTests
    implements AttributeConverter<@Nullable Map<String, List<TestRef>>, @Nullable String> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, List<TestRef>>> TYPE = new TypeReference<>() {};

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable Map<String, List<TestRef>> only) {
    try {
      return only == null ? null : JSON.writeValueAsString(only);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public @Nullable Map<String, List<TestRef>> convertToEntityAttribute(@Nullable String json) {
    try {
      return json == null ? null : JSON.readValue(json, TYPE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column that should hold tests holds " + json, e);
    }
  }
}
