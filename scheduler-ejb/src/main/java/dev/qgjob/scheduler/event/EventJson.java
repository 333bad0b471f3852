package dev.qgjob.scheduler.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qgjob.domain.event.JobChanged;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.event.JobChange;
import dev.qgjob.protocol.message.EventBatch;
import java.util.List;

/** Changes as text and back. A server of a later version may say more; that is passed over. */
final class EventJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private EventJson() {}

  static String write(List<JobChanged> changes) {
    try {
      return JSON.writeValueAsString(
          new EventBatch(changes.stream().map(EventJson::onTheWire).toList()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Throws {@link IllegalArgumentException} where the text is no batch of changes. */
  static List<JobChanged> read(String text) {
    try {
      return JSON.readValue(text, EventBatch.class).changes().stream()
          .map(EventJson::ofTheWire)
          .toList();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no batch of events: " + e.getOriginalMessage(), e);
    }
  }

  private static JobChange onTheWire(JobChanged change) {
    var kind = change.failureKind();
    return new JobChange(
        change.orgId(),
        change.runId(),
        change.jobId(),
        change.generation(),
        JobState.valueOf(change.state().name()),
        change.attempt(),
        change.slotId(),
        change.flaky(),
        kind == null ? null : FailureKind.valueOf(kind.name()),
        change.message());
  }

  private static JobChanged ofTheWire(JobChange change) {
    FailureKind kind = change.failureKind();
    return new JobChanged(
        change.orgId(),
        change.runId(),
        change.jobId(),
        change.generation(),
        dev.qgjob.domain.job.JobState.valueOf(change.state().name()),
        change.attempt(),
        change.slotId(),
        change.flaky(),
        kind == null ? null : dev.qgjob.domain.job.FailureKind.valueOf(kind.name()),
        change.message());
  }
}
