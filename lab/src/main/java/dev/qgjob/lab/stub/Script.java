package dev.qgjob.lab.stub;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job does, said by its spec's file name. */
sealed interface Script {
  /** Passes after this time. */
  record Pass(Duration after) implements Script {}

  /** Its test fails after this time. */
  record Fail(Duration after) implements Script {}

  /** The installation breaks it at once. */
  record Break() implements Script {}

  /** Runs until it is stopped or its time is over. */
  record Hang() implements Script {}

  /** Has a child process that hangs with it. */
  record HangingChild() implements Script {}

  /** Ends the worker's process without a word, as a crash would. */
  record KillWorker(Duration after) implements Script {}

  Pattern NAMED = Pattern.compile("([a-z-]+?)(?:-([0-9]{1,6})ms)?(?:-n[0-9]+)?\\.spec\\.js");

  /** Names that say what to do. */
  String HOW =
      "run-40ms, fail-40ms, broken, hang, child, kill-worker or kill-worker-40ms, with -nNUMBER to"
          + " tell specs apart, and .spec.js";

  /**
   * Reads a spec's path; its folders say nothing.
   *
   * @throws IllegalArgumentException when the name is none of these
   */
  static Script of(String testPath) {
    String name = testPath.substring(testPath.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Matcher matcher = NAMED.matcher(name);
    if (!matcher.matches()) {
      throw unknown(name);
    }
    String millis = matcher.group(2);
    Duration after = millis == null ? Duration.ZERO : Duration.ofMillis(Long.parseLong(millis));
    return switch (matcher.group(1)) {
      case "run" -> new Pass(after);
      case "fail" -> new Fail(after);
      case "broken" -> new Break();
      case "hang" -> new Hang();
      case "child" -> new HangingChild();
      case "kill-worker" -> new KillWorker(after);
      default -> throw unknown(name);
    };
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("'" + name + "' says nothing: name it " + HOW);
  }
}
