package dev.qgjob.cli;

import dev.qgjob.client.Answer;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** {@code -o}: for people, or as the server said it. */
public final class Output {
  /** The form of what goes to stdout. */
  public enum Form {
    TEXT,
    JSON
  }

  private final Surroundings here;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      description = "Form of the result on stdout; json is the API's own answer (default: text).")
  private Form form = Form.TEXT;

  public Output(Surroundings here) {
    this.here = here;
  }

  /** Prints the answer in the form that was asked for. */
  public <T> void print(Answer<T> answer, Function<T, String> text) {
    here.out()
        .println(
            form == Form.JSON ? answer.json().strip() : text.apply(answer.body()).stripTrailing());
  }
}
