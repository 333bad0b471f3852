package dev.qgjob.simfarm.uiautomator;

/** A command failed in a way that WebDriver has a name for. */
final class WebDriverException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;

  private WebDriverException(int status, String error, String message) {
    super(message, null, false, false);
    this.status = status;
    this.error = error;
  }

  static WebDriverException noSuchElement(String message) {
    return new WebDriverException(404, "no such element", message);
  }

  static WebDriverException stale() {
    return new WebDriverException(
        404, "stale element reference", "The element is not on the current screen any more");
  }

  static WebDriverException invalidSelector(String message) {
    return new WebDriverException(400, "invalid selector", message);
  }

  static WebDriverException invalidArgument(String message) {
    return new WebDriverException(400, "invalid argument", message);
  }

  static WebDriverException invalidState(String message) {
    return new WebDriverException(400, "invalid element state", message);
  }

  static WebDriverException unknownCommand(String message) {
    return new WebDriverException(404, "unknown command", message);
  }

  static WebDriverException noSuchSession(String message) {
    return new WebDriverException(404, "invalid session id", message);
  }

  int status() {
    return status;
  }

  String error() {
    return error;
  }
}
