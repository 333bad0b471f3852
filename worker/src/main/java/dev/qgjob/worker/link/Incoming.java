package dev.qgjob.worker.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.Headers;
import dev.qgjob.protocol.message.JobMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.jspecify.annotations.Nullable;

/** What a message turned out to be. */
sealed interface Incoming {
  /** A job was released. */
  record Job(JobMessage message) implements Incoming {}

  /** Stop a job, or take nothing new. */
  record Control(ControlMessage message) implements Incoming {}

  /** Nothing that this worker can read; {@code excerpt} is its beginning, where it has text. */
  record Malformed(String reason, @Nullable String excerpt) implements Incoming {}

  /** Bytes that a message may have; ours have a few hundred. */
  int MOST_BYTES = 16 << 10;

  /** Characters that an id may have: the server takes no longer ones in a beat. */
  int LONGEST_ID = 200;

  /** Reads a message; never throws, whatever it is. What is too long is not even fetched whole. */
  static Incoming read(Message message) {
    try {
      int bytes = message instanceof ActiveMQMessage core ? core.getCoreMessage().getBodySize() : 0;
      if (bytes > MOST_BYTES) {
        return new Malformed("it has " + bytes + " bytes, " + MOST_BYTES + " at most", null);
      }
      if (!(message instanceof TextMessage text) || text.getText() == null) {
        return new Malformed("it is not a text message", null);
      }
      Incoming incoming = read(message.getStringProperty(Headers.TYPE), text.getText());
      return incoming instanceof Malformed malformed
          ? new Malformed(malformed.reason(), text.getText())
          : incoming;
    } catch (JMSException | RuntimeException e) {
      return new Malformed("it cannot be read: " + e.getMessage(), null);
    }
  }

  /** Reads what a message says; never throws. */
  static Incoming read(@Nullable String type, String text) {
    try {
      if (Headers.JOB.equals(type)) {
        return job(Json.mapper().readValue(text, JobMessage.class));
      }
      if (Headers.CONTROL.equals(type)) {
        return control(Json.mapper().readValue(text, ControlMessage.class));
      }
      return malformed(Headers.TYPE + " is '" + type + "', not job or control");
    } catch (JsonProcessingException e) {
      return malformed("its JSON cannot be read: " + e.getOriginalMessage());
    } catch (RuntimeException e) {
      return malformed("it cannot be read: " + e.getMessage());
    }
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves an absent component null
  private static Incoming job(JobMessage job) {
    if (job == null || job.jobId() == null) {
      return malformed("job_id is missing");
    }
    if (!isId(job.jobId())) {
      return malformed("job_id is no id: 1 to " + LONGEST_ID + " letters, digits, - _ . :");
    }
    return job.generation() < 1
        ? malformed("generation is " + job.generation() + ", it counts from 1")
        : new Job(job);
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves an absent component null
  private static Incoming control(ControlMessage control) {
    if (control == null || control.kind() == null) {
      return malformed("kind is missing");
    }
    return control.kind() == ControlMessage.Kind.CANCEL && control.jobId() == null
        ? malformed("job_id is missing")
        : new Control(control);
  }

  /** One that the server would not take in a beat would silence this worker. */
  private static boolean isId(String text) {
    return text.length() <= LONGEST_ID && text.matches("[A-Za-z0-9._:-]+");
  }

  private static Malformed malformed(String reason) {
    return new Malformed(reason, null);
  }
}
