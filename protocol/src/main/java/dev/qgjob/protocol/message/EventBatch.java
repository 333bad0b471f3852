package dev.qgjob.protocol.message;

import dev.qgjob.protocol.Wire;
import dev.qgjob.protocol.event.JobChange;
import java.util.List;

/** On the topic {@code events}: what changed at one server, for the watchers of all. */
public record EventBatch(List<JobChange> changes) {
  public EventBatch {
    changes = Wire.orEmpty(changes);
  }
}
