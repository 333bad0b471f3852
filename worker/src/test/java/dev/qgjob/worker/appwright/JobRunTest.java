package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.TestFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunTest {
  private static final String END =
      "{\"event\":\"testEnd\",\"id\":\"%s\",\"file\":\"a.spec.js\",\"status\":\"passed\",\"opening\":%d}";

  @TempDir Path folder;
  private long now = 1;
  private JobRun job;

  @BeforeEach
  void aJob() throws IOException {
    Assignment assignment =
        new Assignment(
            "j1",
            "run-1",
            1,
            "a.spec.js",
            "",
            "appwright.config.js",
            "browserstack",
            "b".repeat(64),
            new App("a".repeat(64), "app.apk", "dev.example.app"),
            Target.BROWSERSTACK,
            ResetPolicy.CLEAR_DATA,
            false,
            TestFilter.ALL,
            Duration.ofMinutes(5),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            List.of());
    job = new JobRun(assignment, folder, new Redaction(Map.of(), Map.of()), () -> now);
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private void ends(String test, int openingSeconds) throws IOException {
    RunEvent end = RunEvents.parse(END.formatted(test, openingSeconds * 1000)).orElseThrow();
    job.testEnded((RunEvent.TestEnd) end);
  }

  @Test
  void whatSessionsTakeToOpenIsSetUpAndNotRun() throws IOException {
    pass(10);
    job.testBegan("t1", Duration.ZERO);
    pass(50);
    ends("t1", 40);
    job.testBegan("t2", Duration.ZERO);
    pass(45);
    ends("t2", 30);
    Details details = job.details(List.of(), 0, List.of(), Duration.ZERO);
    assertThat(details.setUp()).isEqualTo(Duration.ofSeconds(10 + 40 + 30));
    assertThat(details.run()).isEqualTo(Duration.ofSeconds(10 + 15));
  }

  @Test
  void waitingForAParallelIsNeitherAndCountsForNoTimeout() throws IOException {
    Duration before = Duration.ofMinutes(3);
    job.testBegan("t1", before);
    long deadline = job.deadline(Duration.ZERO, before);
    Duration waited = before.plus(Duration.ofMinutes(10));
    pass(600);
    assertThat(job.deadline(Duration.ZERO, waited) - deadline)
        .isEqualTo(Duration.ofMinutes(10).toNanos());
    assertThat(job.testIsStuck(Duration.ZERO, waited)).isFalse();
    assertThat(job.testIsStuck(Duration.ZERO, before)).isTrue();
    pass(50);
    ends("t1", 40);
    Details details = job.details(List.of(), 0, List.of(), waited);
    assertThat(details.setUp()).isEqualTo(Duration.ofSeconds(40));
    assertThat(details.run()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void noTestTellsOfMoreThanItsOwnTime() throws IOException {
    job.testBegan("t1", Duration.ZERO);
    pass(5);
    ends("t1", 1_000_000);
    assertThat(job.details(List.of(), 0, List.of(), Duration.ZERO).setUp())
        .isEqualTo(Duration.ofSeconds(5));
  }
}
