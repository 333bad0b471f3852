package dev.qgjob.worker.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tests of a spec a job is about, by Playwright's options of the same names.
 *
 * @param grep a JavaScript regular expression; null: all tests
 * @param grepInvert the same for what is left out; null: nothing
 */
public record TestFilter(@Nullable String grep, @Nullable String grepInvert) {
  public static final TestFilter ALL = new TestFilter(null, null);

  /** As Playwright's arguments; in one piece each, since an expression may begin with a hyphen. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (grep != null) {
      arguments.add("--grep=" + grep);
    }
    if (grepInvert != null) {
      arguments.add("--grep-invert=" + grepInvert);
    }
    return arguments;
  }

  public boolean all() {
    return equals(ALL);
  }

  @Override
  public String toString() {
    return String.join(" ", arguments());
  }
}
