package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.TestFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static Assignment job(String id, String spec, String project) {
    return new Assignment(
        id,
        "run-1",
        1,
        spec,
        "",
        "appwright.config.js",
        project,
        "b".repeat(64),
        new App("a".repeat(64), "app.apk", "dev.example.app"),
        Target.EMULATOR,
        ResetPolicy.CLEAR_DATA,
        false,
        TestFilter.ALL,
        Duration.ofMinutes(1),
        Map.of(),
        Map.of(),
        List.of(),
        null,
        List.of());
  }

  @Test
  void likeJobsShareAProcess() {
    assertThat(
            AppWrightExecutor.groups(
                List.of(job("1", "tests/a.js", "p"), job("2", "tests/b.js", "p"))))
        .hasSize(1);
  }

  @Test
  void otherProjectsDoNot() {
    assertThat(
            AppWrightExecutor.groups(
                List.of(
                    job("1", "tests/a.js", "p"),
                    job("2", "tests/b.js", "q"),
                    job("3", "tests/c.js", "q"))))
        .extracting(List::size)
        .containsExactly(1, 2);
  }

  @Test
  void theSameSpecTwiceDoesNot() {
    assertThat(
            AppWrightExecutor.groups(
                List.of(
                    job("1", "tests/a.js", "p"),
                    job("2", "tests/b.js", "p"),
                    job("3", "tests/b.js", "p"))))
        .extracting(List::size)
        .containsExactly(2, 1);
  }
}
