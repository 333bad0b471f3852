package dev.qgjob.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** How {@code qgjob} ends. The numbers follow gcloud's test command, and timeout(1) for 124. */
public enum ExitCode {
  OK(0, "it worked; every test passed (flaky ones included)"),
  GENERAL(1, "it did not work: the error's line says why"),
  USAGE(2, "wrong use: an option, a file or a value, here or refused by the server"),
  TESTS_FAILED(10, "a test failed"),
  INCONCLUSIVE(15, "no verdict, through what was submitted or through the app itself"),
  CANCELLED(19, "the run was cancelled"),
  INFRASTRUCTURE(20, "no verdict, through a phone, worker, server or network"),
  STILL_RUNNING(124, "the wait timed out; the run goes on");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** What the process returns. */
  public int number() {
    return number;
  }

  /** For the help text. */
  static Map<String, String> list() {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode code : values()) {
      list.put(Integer.toString(code.number), code.meaning);
    }
    return list;
  }
}
