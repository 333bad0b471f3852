package dev.qgjob.api.submit;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.report.Run;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The labels that a run may have: as many and as long as the database keeps. */
final class Labels {
  /** Names the run that this one repeats. */
  static final String RETRY_OF = "retry-of";

  private static final int MOST = 16;
  private static final int LONGEST_VALUE = 250;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");

  private Labels() {}

  static Map<String, String> checked(Map<String, String> labels) {
    Form.check(labels.size() <= MOST, "labels", "labels must have at most 16 entries");
    labels.forEach(Labels::check);
    return labels;
  }

  static Map<String, String> retryOf(Run run) {
    Map<String, String> labels = new TreeMap<>(run.labels());
    if (labels.size() < MOST || labels.containsKey(RETRY_OF)) {
      labels.put(RETRY_OF, run.id());
    }
    return labels;
  }

  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw Refusal.field(
          "labels",
          "labels has a name that is none: " + Refusal.shortened(name),
          "use up to 64 letters, digits and . _ / -");
    }
    Form.check(
        value.length() <= LONGEST_VALUE && value.chars().noneMatch(Character::isISOControl),
        "labels." + name,
        "labels." + name + " must have at most 250 characters and none that control a terminal");
  }
}
