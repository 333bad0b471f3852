package dev.qgjob.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command touches of the machine.
 *
 * @param out results, and nothing else
 * @param err progress, hints and errors
 * @param env environment variables
 * @param folder the working folder
 * @param terminal a person watches {@code err}
 * @param manner how much is said, and how
 */
public record Surroundings(
    PrintStream out,
    PrintStream err,
    InputStream in,
    Map<String, String> env,
    Path folder,
    Time time,
    boolean terminal,
    Manner manner) {

  /** A pipeline runs the command, and no person. */
  public boolean ci() {
    return !env.getOrDefault("CI", "").isBlank();
  }

  /** A line that is neither a result nor an error; {@code --quiet} leaves it out. */
  public void say(String line) {
    if (!manner.quiet()) {
      err.println(Plain.of(line));
    }
  }
}
