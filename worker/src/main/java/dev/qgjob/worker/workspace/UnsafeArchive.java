package dev.qgjob.worker.workspace;

import java.io.IOException;

/** An archive that would write where it must not, or more than it may. */
public final class UnsafeArchive extends IOException {
  private static final long serialVersionUID = 1L;

  UnsafeArchive(String message) {
    super(message.replaceAll("\\p{Cntrl}", "?")); // names in an archive may hold anything
  }
}
