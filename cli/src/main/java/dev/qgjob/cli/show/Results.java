package dev.qgjob.cli.show;

import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of the tests of a job, over all of its attempts. */
public final class Results {
  private Results() {}

  /**
   * The last result of each test, in the order of the tests: an attempt after a failure is about
   * the tests alone that failed.
   */
  public static List<TestResult> of(JobView job) {
    Map<List<Object>, TestResult> last = new LinkedHashMap<>();
    for (AttemptView attempt : job.attempts()) {
      Map<List<Object>, Integer> seen = new HashMap<>();
      for (TestResult test : attempt.tests()) {
        List<Object> name = List.of(test.file(), test.titlePath());
        // two of one name are told apart by their order
        List<Object> key = new ArrayList<>(name);
        key.add(seen.merge(name, 1, Integer::sum));
        last.put(key, test);
      }
    }
    return List.copyOf(last.values());
  }
}
