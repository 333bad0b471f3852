package dev.qgjob.lab.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScriptTest {
  @Test
  void aSpecsNameSaysWhatItsJobDoes() {
    assertThat(Script.of("stub/run-40ms.spec.js"))
        .isEqualTo(new Script.Pass(Duration.ofMillis(40)));
    assertThat(Script.of("a/b/run-1500ms-n17.spec.js"))
        .isEqualTo(new Script.Pass(Duration.ofMillis(1500)));
    assertThat(Script.of("fail.spec.js")).isEqualTo(new Script.Fail(Duration.ZERO));
    assertThat(Script.of("hang-n2.spec.js")).isEqualTo(new Script.Hang());
    assertThat(Script.of("child.spec.js")).isEqualTo(new Script.HangingChild());
    assertThat(Script.of("broken.spec.js")).isEqualTo(new Script.Break());
    assertThat(Script.of("kill-worker-5ms.spec.js"))
        .isEqualTo(new Script.KillWorker(Duration.ofMillis(5)));
  }

  @Test
  void aNameThatSaysNothingIsRefusedWithWhatWouldSaySomething() {
    assertThatThrownBy(() -> Script.of("tests/login.spec.js"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("login.spec.js")
        .hasMessageContaining("run-40ms");
  }
}
