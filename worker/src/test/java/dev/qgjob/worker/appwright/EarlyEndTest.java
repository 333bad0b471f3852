package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.appwright.EarlyEnd.Found;
import dev.qgjob.worker.appwright.RunEvent.Configured;
import dev.qgjob.worker.appwright.RunEvent.Problem;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.run.TestFilter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlyEndTest {
  private static final Configured FINE = configured(List.of(), null);
  private static final List<String> TWO = List.of("a.spec.js", "b.spec.js");

  private static Configured configured(List<String> problems, String mismatch) {
    return new Configured("1.59.1", true, "appwright 0.1.1", problems, mismatch);
  }

  private static EarlyEnd end(String status, Configured configured, Problem... errors) {
    return new EarlyEnd(
        new Exit.Ended(status),
        configured,
        List.of(errors),
        List.of("at work", "TypeError: no such thing", "    at config.js:3", " "),
        TestFilter.ALL);
  }

  private static Problem error(String message, String file) {
    return new Problem(message, null, file, 7);
  }

  private static Found.Fault fault(FailureKind kind, String message) {
    return new Found.Fault(kind, message);
  }

  @Test
  void withoutAConfigItIsTheSubmittersAndOfASignalTheHosts() {
    String message = "the config cannot be loaded: TypeError: no such thing";
    assertThat(end("1", null).of(TWO, false))
        .containsOnlyKeys(TWO)
        .containsValue(fault(FailureKind.SUBMITTER, message));
    assertThat(end("SIGKILL", null).of(List.of("a.spec.js"), false))
        .containsValue(fault(FailureKind.INFRASTRUCTURE, message));
  }

  @Test
  void withoutNodeItIsTheHosts() {
    EarlyEnd none =
        new EarlyEnd(new Exit.NotStarted("no node"), null, List.of(), List.of(), TestFilter.ALL);
    assertThat(none.of(TWO, false))
        .hasSize(2)
        .containsValue(fault(FailureKind.INFRASTRUCTURE, "Node cannot be started: no node"));
  }

  @Test
  void anUnknownShapeIsNotTheSubmittersButAnotherProviderIs() {
    assertThat(end("86", configured(List.of("no dist/config.js"), null)).of(TWO, false).values())
        .allSatisfy(
            found ->
                assertThat(found.toString())
                    .contains("infrastructure", "no dist/config.js", "--stock"));
    assertThat(end("86", configured(List.of(), "it runs on another")).of(TWO, false).values())
        .allSatisfy(found -> assertThat(found.toString()).contains("submitter", "--project"));
  }

  @Test
  void ofSpecsThatKeepOthersFromRunningOnlyTheirOwnFaultIsKnown() {
    assertThat(end("1", FINE, error("SyntaxError: b", "b.spec.js")).of(TWO, false))
        .isEqualTo(
            Map.of(
                "b.spec.js",
                fault(FailureKind.SUBMITTER, "b.spec.js:7 cannot be run: SyntaxError: b")));
    assertThat(end("1", FINE, error("Error: of nobody", null)).of(TWO, false)).isEmpty();
  }

  @Test
  void whereNothingIsWrongThereAreNoTests() {
    Map<String, Found> none = Map.of("a.spec.js", new Found.NoTests());
    assertThat(end("1", FINE).of(List.of("a.spec.js"), false)).isEqualTo(none);
    assertThat(end("1", FINE, error("Error: No tests found", null)).of(List.of("a.spec.js"), false))
        .isEqualTo(none);
    assertThat(end("1", FINE).of(TWO, true)).hasSize(2).containsValue(new Found.NoTests());
    assertThat(end("1", FINE).of(TWO, false)).as("each is looked at alone").isEmpty();
  }

  @Test
  void whatTheHostLacksIsNotTheSubmitters() {
    List<String> one = List.of("a.spec.js");
    assertThat(end("1", FINE, error("Error: ANDROID_HOME is not set", null)).of(one, false))
        .containsValue(
            fault(
                FailureKind.INFRASTRUCTURE,
                "nothing was executed: Error: ANDROID_HOME is not set"));
    assertThat(end("1", FINE, error("Error: port in use", null)).of(one, false))
        .containsValue(fault(FailureKind.SUBMITTER, "nothing was executed: Error: port in use"));
  }
}
