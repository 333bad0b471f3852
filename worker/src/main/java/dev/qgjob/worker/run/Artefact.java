package dev.qgjob.worker.run;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A file that a run left behind and that is worth keeping.
 *
 * @param name name for people, a relative path with forward slashes
 * @param file where it lies until the workspace of the job is closed
 */
public record Artefact(String name, Path file, String contentType) {
  /** Files above this are left behind, with a remark. */
  public static final long MOST_BYTES = 100L << 20;

  public Artefact {
    Objects.requireNonNull(name);
    Objects.requireNonNull(file);
    Objects.requireNonNull(contentType);
  }
}
