package dev.qgjob.worker.run;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a batch runs and how it is stopped.
 *
 * @param slot used by nobody else while the batch runs
 * @param folder empty or absent folder for this batch alone; artefacts are left in it, and whoever
 *     made the context removes it once they are uploaded
 */
public record RunContext(Slot slot, Path folder, Cancellation cancellation) {
  public RunContext {
    Objects.requireNonNull(slot);
    Objects.requireNonNull(cancellation);
    if (!folder.isAbsolute()) {
      throw new IllegalArgumentException("the batch's folder must be absolute: " + folder);
    }
  }
}
