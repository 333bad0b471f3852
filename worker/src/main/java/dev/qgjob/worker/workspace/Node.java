package dev.qgjob.worker.workspace;

import java.io.File;
import java.util.Map;
import java.util.Optional;

/**
 * The Node that a project's packages are installed and its specs are run with.
 *
 * @param program what to start
 * @param folder of the program, where it is not the host's own; empty for that
 * @param major its first number where it is not the host's own; else 0
 */
public record Node(String program, String folder, int major) {
  /** The host's own. */
  static Node own(String program) {
    return new Node(program, "", 0);
  }

  boolean isOwn() {
    return folder.isEmpty();
  }

  /** Puts it first on the PATH, so that what the children start finds it too. */
  public void leadPath(Map<String, String> environment) {
    if (!isOwn()) {
      String before = Optional.ofNullable(environment.get("PATH")).orElse("");
      environment.put("PATH", before.isEmpty() ? folder : folder + File.pathSeparator + before);
    }
  }
}
