package dev.qgjob.worker.browserstack;

import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.io.Serial;

/** BrowserStack refused something, or could not be had. */
public final class CloudFault extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final FailureKind kind;
  private final boolean passing;

  CloudFault(FailureKind kind, String message) {
    this(kind, message, false);
  }

  private CloudFault(FailureKind kind, String message, boolean passing) {
    super(message);
    this.kind = kind;
    this.passing = passing;
  }

  /** One that may be over when it is asked again. */
  static CloudFault passing(String message) {
    return new CloudFault(FailureKind.INFRASTRUCTURE, message, true);
  }

  /** Whether it may be over when it is asked again. */
  boolean passing() {
    return passing;
  }

  /** Whose fault it is. */
  public FailureKind kind() {
    return kind;
  }

  /**
   * What an answer means.
   *
   * @param what was asked for, for people
   * @param status of HTTP
   * @param reason BrowserStack's own words, or empty
   */
  static CloudFault of(String what, int status, String reason) {
    String said = reason.isEmpty() ? "no reason given" : reason;
    if (status == 401) {
      return new CloudFault(
          FailureKind.INFRASTRUCTURE,
          "BrowserStack refuses the credentials (401): check BROWSERSTACK_USERNAME and"
              + " BROWSERSTACK_ACCESS_KEY: "
              + said);
    }
    if (CloudWords.lasting(reason)) {
      return new CloudFault(
          FailureKind.INFRASTRUCTURE, "the BrowserStack account is out of minutes: " + said);
    }
    if (status == 429) {
      return passing("BrowserStack still had too many requests after several tries (429): " + said);
    }
    if (status >= 500) {
      return passing("BrowserStack is out of order (" + status + "): " + said);
    }
    if (status == 400 || status == 413 || status == 415 || status == 422) {
      return new CloudFault(
          FailureKind.APP, "BrowserStack refuses " + what + " (" + status + "): " + said);
    }
    return new CloudFault(
        FailureKind.INFRASTRUCTURE, "BrowserStack refuses " + what + " (" + status + "): " + said);
  }
}
