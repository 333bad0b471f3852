package dev.qgjob.scheduler.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qgjob.domain.placement.Bus.Dispatch;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.Headers;
import dev.qgjob.protocol.message.JobMessage;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Which queue, group and body a dispatch becomes. */
final class Envelopes {

  /**
   * A message for one worker that it did not take by then is worth nothing: the sweep has given the
   * job another generation, or the beat has said it.
   */
  static final Duration WORKER_MESSAGE_LIVES = Duration.ofMinutes(10);

  private static final int STOP_AT_ONCE = 9;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .build();

  private Envelopes() {}

  static Outgoing of(Dispatch dispatch) {
    if (dispatch instanceof Dispatch.Shared shared) {
      return new Outgoing(
          Queues.ofTarget(shared.target()),
          shared.messageGroup(),
          Headers.JOB,
          json(new JobMessage(shared.jobId(), shared.generation(), null)),
          Queues.jmsPriority(shared.priority()),
          null);
    }
    if (dispatch instanceof Dispatch.HandOff handOff) {
      return new Outgoing(
          Queues.ofWorker(handOff.workerId()),
          null,
          Headers.JOB,
          json(new JobMessage(handOff.jobId(), handOff.generation(), handOff.slotId())),
          Queues.jmsPriority(handOff.priority()),
          WORKER_MESSAGE_LIVES);
    }
    if (dispatch instanceof Dispatch.Stop stop) {
      return new Outgoing(
          Queues.ofWorker(stop.workerId()),
          null,
          Headers.CONTROL,
          json(new ControlMessage(ControlMessage.Kind.CANCEL, stop.jobId(), stop.generation())),
          STOP_AT_ONCE,
          WORKER_MESSAGE_LIVES);
    }
    throw new IllegalArgumentException(
        "unknown kind of dispatch: " + dispatch.getClass().getName());
  }

  private static String json(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
