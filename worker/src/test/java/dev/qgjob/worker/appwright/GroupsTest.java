package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Assignments;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static Assignment job(String id, String spec, String project) {
    return Assignments.of(
        id,
        spec,
        project,
        "b".repeat(64),
        new App("a".repeat(64), "app.apk", "dev.example.app"),
        Target.EMULATOR);
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
