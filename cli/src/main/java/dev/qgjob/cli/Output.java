package dev.qgjob.cli;

import dev.qgjob.client.Answer;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** {@code -o}: for people, or as the server said it. */
public final class Output {
  /** The form of what goes to stdout. */
  public enum Form {
    TEXT,
    JSON,
    NDJSON
  }

  private final Surroundings here;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json|ndjson",
      description =
          "Form of the result on stdout: json is the API's own answer, ndjson one document a line"
              + " (default: text).")
  private Form form = Form.TEXT;

  public Output(Surroundings here) {
    this.here = here;
  }

  /** In a form that is known already. */
  public Output(Surroundings here, Form form) {
    this.here = here;
    this.form = form;
  }

  /** Prints the answer in the form that was asked for. */
  public <T> void print(Answer<T> answer, Function<T, String> text) {
    switch (form) {
      case TEXT -> here.out().println(Plain.of(text.apply(answer.body()).stripTrailing()));
      case JSON -> here.out().println(answer.json().strip());
      case NDJSON -> Documents.of(answer.json()).forEach(here.out()::println);
    }
  }

  /** The same for what no server said. */
  public <T> void printOwn(T result, Function<T, String> text) {
    if (form == Form.TEXT) {
      here.out().println(Plain.of(text.apply(result).stripTrailing()));
    } else {
      here.out().println(Documents.line(result));
    }
  }

  /**
   * Something that happened before there is a result: only a stream of documents has room for it.
   */
  public void event(String type, Object what) {
    if (form == Form.NDJSON) {
      here.out().println(Documents.line(Map.of("event", type, type, what)));
    }
  }
}
