package dev.qgjob.worker.browserstack;

import java.util.Optional;
import java.util.regex.Pattern;

/** What BrowserStack's words for a refusal mean, in one line. Pure. */
public final class CloudWords {
  private static final Pattern OUT_OF_MINUTES =
      Pattern.compile(
          "TESTING_TIME_LIMIT_EXHAUSTED"
              + "|\\b(testing time|minutes|subscription|plan|trial)\\b.{0,40}"
              + "\\b(over|expired|exhausted|used up|ended|left)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern QUEUE_FULL =
      Pattern.compile(
          "QUEUE_SIZE_EXCEEDED|parallel tests are currently in use, including the queued",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern DROPPED =
      Pattern.compile(
          "QUEUE_?TIME_?OUT|queue.{0,40}(timed out|too long|dropped)"
              + "|(timed out|dropped).{0,40}queue",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern DEVICE_LIMIT =
      Pattern.compile("TIER_LIMIT_EXCEEDED", Pattern.CASE_INSENSITIVE);

  private CloudWords() {}

  /** Whether the account has no testing time left: nothing that is tried again helps. */
  static boolean lasting(String reason) {
    return OUT_OF_MINUTES.matcher(reason).find();
  }

  /**
   * What kept a session at BrowserStack from beginning, for people; empty where the words are not
   * known.
   */
  public static Optional<String> ofSession(String said) {
    if (QUEUE_FULL.matcher(said).find()) {
      return Optional.of(
          "BrowserStack's own queue is full: all parallels of the account are in use, and as many"
              + " sessions wait as may");
    }
    if (DROPPED.matcher(said).find()) {
      return Optional.of(
          "BrowserStack dropped the session from its queue: no parallel of the account became free"
              + " in time");
    }
    if (DEVICE_LIMIT.matcher(said).find()) {
      return Optional.of(
          "BrowserStack runs no more sessions of the account on this model: ask for another"
              + " device.name, or a pattern of several");
    }
    if (OUT_OF_MINUTES.matcher(said).find()) {
      return Optional.of("the BrowserStack account is out of minutes");
    }
    return Optional.empty();
  }
}
