package dev.qgjob.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {
  private static Assignment with(String spec, String dir, String config) {
    return new Assignment(
        "job-1",
        "run-1",
        1,
        spec,
        dir,
        config,
        "emulator",
        "b".repeat(64),
        new App("a".repeat(64), "app.apk", "dev.example.app"),
        Target.EMULATOR,
        ResetPolicy.CLEAR_DATA,
        false,
        TestFilter.ALL,
        Duration.ofMinutes(1),
        Map.of("API_TOKEN", "hush"),
        Map.of("PIN", "1234"),
        List.of(),
        null,
        List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-g",
        "--config=x",
        "/etc/passwd",
        "../x.js",
        "a/../../x",
        "a\\b",
        "a\nb"
      })
  void refusesASpecThatIsAnOptionOrLeavesTheProject(String spec) {
    assertThatIllegalArgumentException().isThrownBy(() -> with(spec, "", "c.js"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-rf", "/tmp", "..", "a/.."})
  void refusesSuchAProjectFolder(String dir) {
    assertThatIllegalArgumentException().isThrownBy(() -> with("t.js", dir, "c.js"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-c", "/c.js", "../c.js"})
  void refusesSuchAConfig(String config) {
    assertThatIllegalArgumentException().isThrownBy(() -> with("t.js", "", config));
  }

  @Test
  void keepsSecretsOutOfItsText() {
    assertThat(with("t.js", "e2e", "c.js").toString()).contains("t.js").doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-s", "a b", "noDots", "a.b;reboot", "a.b$(x)", ""})
  void refusesAPackageThatIsNoApplicationId(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new App("a".repeat(64), "app.apk", name));
  }
}
