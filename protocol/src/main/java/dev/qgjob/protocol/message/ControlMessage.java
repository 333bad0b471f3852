package dev.qgjob.protocol.message;

import dev.qgjob.protocol.Wire;
import org.jspecify.annotations.Nullable;

/** On a worker's own queue: stop a job, or take no new work. The beat's answer repeats it. */
public record ControlMessage(Kind kind, @Nullable String jobId, @Nullable Long generation) {
  /** What is asked. */
  public enum Kind {
    /** stop this job */
    CANCEL,
    /** finish what runs, take nothing new */
    DRAIN;

    @Override
    public String toString() {
      return Wire.name(this);
    }
  }
}
