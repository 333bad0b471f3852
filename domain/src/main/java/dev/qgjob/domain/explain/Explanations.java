package dev.qgjob.domain.explain;

import dev.qgjob.domain.access.Caller;
import java.util.Optional;

/** Inbound: why a job is where it is. A foreign or unknown id is empty. Thread-safe. */
public interface Explanations {
  Optional<Explanation> explain(Caller caller, String jobId);
}
