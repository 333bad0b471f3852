package dev.qgjob.worker.run;

import dev.qgjob.protocol.TestResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What an attempt brought, whatever its outcome.
 *
 * @param tests every test of the spec that was reached, in the order in which they ended
 * @param installs how often the app was put on the target for this job (0 when it was there)
 * @param stockInstalls how often stock AppWright would have done so: once for every test executed
 * @param setUp to make the slot ready for its first test: installing, starting. Without what the
 *     worker fetches, unpacks and starts before, once for all its slots
 * @param run from there to the end
 * @param notes remarks for people, for example that the stock way spared no install
 */
public record Details(
    List<TestResult> tests,
    List<Artefact> artefacts,
    int installs,
    int stockInstalls,
    Duration setUp,
    Duration run,
    List<String> notes) {
  /** An attempt that brought nothing. */
  public static final Details NONE =
      new Details(List.of(), List.of(), 0, 0, Duration.ZERO, Duration.ZERO, List.of());

  public Details {
    tests = List.copyOf(tests);
    artefacts = List.copyOf(artefacts);
    Objects.requireNonNull(setUp);
    Objects.requireNonNull(run);
    notes = List.copyOf(notes);
  }
}
