package dev.qgjob.worker.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.Headers;
import dev.qgjob.protocol.message.JobMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;

/** What a message turned out to be. */
sealed interface Incoming {
  /** A job was released. */
  record Job(JobMessage message) implements Incoming {}

  /** Stop a job, or take nothing new. */
  record Control(ControlMessage message) implements Incoming {}

  /** Nothing that this worker can read. */
  record Malformed(String reason) implements Incoming {}

  /** Reads a message; never throws. */
  static Incoming read(Message message) {
    try {
      if (!(message instanceof TextMessage text) || text.getText() == null) {
        return new Malformed("it is not a text message");
      }
      String type = message.getStringProperty(Headers.TYPE);
      if (Headers.JOB.equals(type)) {
        return job(Json.mapper().readValue(text.getText(), JobMessage.class));
      }
      if (Headers.CONTROL.equals(type)) {
        return control(Json.mapper().readValue(text.getText(), ControlMessage.class));
      }
      return new Malformed(Headers.TYPE + " is '" + type + "', not job or control");
    } catch (JsonProcessingException e) {
      return new Malformed("its JSON cannot be read: " + e.getOriginalMessage());
    } catch (JMSException | RuntimeException e) {
      return new Malformed("it cannot be read: " + e.getMessage());
    }
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves an absent component null
  private static Incoming job(JobMessage job) {
    if (job == null || job.jobId() == null || job.jobId().isBlank()) {
      return new Malformed("job_id is missing");
    }
    return job.generation() < 1
        ? new Malformed("generation is " + job.generation() + ", it counts from 1")
        : new Job(job);
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves an absent component null
  private static Incoming control(ControlMessage control) {
    if (control == null || control.kind() == null) {
      return new Malformed("kind is missing");
    }
    return control.kind() == ControlMessage.Kind.CANCEL && control.jobId() == null
        ? new Malformed("job_id is missing")
        : new Control(control);
  }
}
