package dev.qgjob.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlobReportTest {
  private static final Path ROOT = Path.of("/project");
  private static final String SHA = "ab".repeat(32);

  private final Map<Integer, JsonNode> told = new HashMap<>();

  private static JobView job(
      Target target, JobState state, @Nullable String message, AttemptView... attempts) {
    return new JobView(
        "job_" + target,
        "r1",
        "qualgent",
        "xyz123",
        1,
        "tests/cart.spec.js",
        null,
        "android",
        0,
        target,
        state,
        false,
        state == JobState.ERROR ? FailureKind.INFRASTRUCTURE : null,
        message,
        attempts.length,
        Views.SLOT,
        null,
        Views.AT,
        Views.AT,
        Views.AT,
        List.of(attempts));
  }

  private static AttemptView attempt(
      int number, JobState outcome, List<TestResult> tests, String... kept) {
    return new AttemptView(
        number,
        Views.SLOT,
        outcome,
        null,
        outcome == JobState.PASSED ? null : "what went wrong",
        Views.AT,
        Views.AT.plusMillis(900),
        0,
        0,
        tests,
        Arrays.stream(kept)
            .map(name -> new ArtefactView(name, "image/png", 5, SHA, "/x/" + name))
            .toList());
  }

  private static TestResult known(String title, TestStatus status) {
    return new TestResult(
        List.of("cart", title), "tests/cart.spec.js", 7, 3, status, 12, "said so", null);
  }

  /** An end of a test of {@code describe('cart')}, as the worker's report has it. */
  private static String end(String id, String status, int retry, String... attachments) {
    return """
        {"id":"%s","file":"tests/cart.spec.js","title":["cart","test %s"],"line":7,"column":3,
         "status":"%s","expectedStatus":"passed","retry":%d,"startTime":1767323050000,"duration":40,
         "errors":[%s],"attachments":[%s]}"""
        .formatted(
            id,
            id,
            status,
            retry,
            status.equals("passed")
                ? ""
                : "{\"message\":\"no pears\",\"snippet\":\"> 9 |\",\"file\":\"tests/cart.spec.js\",\"line\":9,\"column\":5}",
            String.join(",", attachments));
  }

  private BlobReportTest reported(int attempt, String... ends) throws JsonProcessingException {
    told.put(attempt, Json.mapper().readTree("{\"tests\":[" + String.join(",", ends) + "]}"));
    return this;
  }

  private BlobReport report(JobState state, JobView... jobs) {
    return BlobReport.of(
        Views.run(state, jobs),
        ROOT,
        (job, attempt) -> told.getOrDefault(attempt.number(), MissingNode.getInstance()));
  }

  private static Stream<JsonNode> params(BlobReport report, String method) {
    return report.events().stream()
        .filter(event -> event.path("method").asText().equals(method))
        .map(event -> event.path("params"));
  }

  /** Project, titles, and the status of each try. */
  private static List<String> outline(BlobReport report) {
    Map<String, StringBuilder> lines = new HashMap<>();
    List<String> order = new java.util.ArrayList<>();
    params(report, "onProject")
        .forEach(
            p ->
                p.at("/project/suites")
                    .forEach(
                        suite -> {
                          StringBuilder line = new StringBuilder(p.at("/project/name").asText());
                          JsonNode at = suite;
                          for (; !at.has("testId"); at = at.at("/entries/0")) {
                            line.append(" > ").append(at.path("title").asText());
                          }
                          line.append(" > ").append(at.path("title").asText()).append(':');
                          lines.put(at.path("testId").asText(), line);
                          order.add(at.path("testId").asText());
                        }));
    params(report, "onTestEnd")
        .forEach(
            p ->
                lines
                    .get(p.at("/test/testId").asText())
                    .append(' ')
                    .append(p.at("/result/status").asText()));
    return order.stream().map(id -> lines.get(id).toString()).toList();
  }

  /** Whoever reads a run of strangers has its report whatever their specs say. */
  @Test
  void anErrorInWhatIsNoFileIsInTheReport() throws Exception {
    reported(
        1,
        end("a", "failed", 0)
            .replace(
                "\"file\":\"tests/cart.spec.js\",\"line\":9", "\"file\":\"a\\u0000b\",\"line\":9"));
    List<JsonNode> events =
        report(
                JobState.FAILED,
                job(
                    Target.EMULATOR,
                    JobState.FAILED,
                    "failed",
                    attempt(1, JobState.FAILED, List.of())))
            .events();
    assertThat(events.toString()).contains("no pears", "a\\u0000b");
  }

  @Test
  void aTestHasItsPlaceItsErrorAndWhatItAttached() throws Exception {
    String picture =
        "{\"name\":\"screen\",\"contentType\":\"image/png\",\"path\":\"/x/1.png\",\"artefact\":\"attachments-2-screen.png\"}";
    String lost = "{\"name\":\"film\",\"contentType\":\"video/mp4\",\"path\":\"/x/2.mp4\"}";
    reported(1, end("a", "passed", 0), end("b", "failed", 0, picture, lost));
    AttemptView attempt =
        attempt(
            1, JobState.FAILED, List.of(), "log.txt", "report.json", "attachments-2-screen.png");
    BlobReport report =
        report(JobState.FAILED, job(Target.EMULATOR, JobState.FAILED, "1 of 2", attempt));

    assertThat(outline(report))
        .containsExactly(
            "android > tests/cart.spec.js > cart > test a: passed",
            "android > tests/cart.spec.js > cart > test b: failed");
    assertThat(report.events())
        .extracting(event -> event.path("method").asText())
        .containsExactly(
            "onBlobReportMetadata",
            "onConfigure",
            "onProject",
            "onBegin",
            "onTestBegin",
            "onTestEnd",
            "onTestBegin",
            "onTestEnd",
            "onEnd");
    JsonNode begin = params(report, "onTestBegin").skip(1).findFirst().orElseThrow();
    assertThat(begin.at("/result/startTime").asLong()).isEqualTo(1767323050000L);
    JsonNode result = params(report, "onTestEnd").skip(1).findFirst().orElseThrow().path("result");
    assertThat(result.path("id")).isEqualTo(begin.at("/result/id"));
    assertThat(result.path("duration").asLong()).isEqualTo(40);
    assertThat(result.at("/errors/0/message").asText()).isEqualTo("no pears");
    assertThat(result.at("/errors/0/snippet").asText()).isEqualTo("> 9 |");
    assertThat(result.at("/errors/0/location/file").asText())
        .isEqualTo(ROOT.resolve("tests/cart.spec.js").toString());
    assertThat(result.path("attachments"))
        .extracting(a -> a.path("name").asText() + " " + a.path("contentType").asText())
        .as("the log explains failures")
        .containsExactly("screen image/png", "film (not kept) text/plain", "log.txt image/png");
    assertThat(result.at("/attachments/0/path").asText()).isEqualTo("resources/" + SHA + ".png");
    assertThat(report.resources().keySet())
        .containsExactlyInAnyOrder("resources/" + SHA + ".png", "resources/" + SHA + ".txt");
    BlobReport.Kept kept = report.resources().get("resources/" + SHA + ".png");
    assertThat(kept.jobId() + " " + kept.attempt() + " " + kept.file().name())
        .isEqualTo("job_emulator 1 attachments-2-screen.png");
  }

  @Test
  void triesOfPlaywrightAndAttemptsOfQgjobAreOneTestsResults() throws Exception {
    reported(1, end("a", "passed", 0), end("b", "failed", 0), end("b", "timedOut", 1));
    reported(2, end("b", "passed", 0));
    BlobReport report =
        report(
            JobState.PASSED,
            job(
                Target.EMULATOR,
                JobState.PASSED,
                null,
                attempt(1, JobState.FAILED, List.of()),
                attempt(2, JobState.PASSED, List.of())));

    assertThat(outline(report))
        .containsExactly(
            "android > tests/cart.spec.js > cart > test a: passed",
            "android > tests/cart.spec.js > cart > test b: failed timedOut passed");
    assertThat(params(report, "onTestBegin").map(p -> p.at("/result/retry").asInt()))
        .containsExactly(0, 0, 1, 2);
    assertThat(
            params(report, "onTestEnd")
                .map(p -> p.at("/result/annotations/1/description").asText()))
        .containsExactly(
            "1 on " + Views.SLOT, "1 on " + Views.SLOT, "1 on " + Views.SLOT, "2 on " + Views.SLOT);
    assertThat(params(report, "onError")).isEmpty();
  }

  @Test
  void aTestThatIsToBeSkippedAtLastIsNoFailure() throws Exception {
    reported(1, end("a", "passed", 0), end("b", "failed", 0));
    String skipped = end("b", "skipped", 0).replace("\"passed\"", "\"skipped\"");
    reported(2, skipped);
    BlobReport report =
        report(
            JobState.ERROR,
            job(
                Target.EMULATOR,
                JobState.ERROR,
                "nothing was executed",
                attempt(1, JobState.FAILED, List.of()),
                attempt(2, JobState.ERROR, List.of())));
    assertThat(outline(report))
        .as("Playwright calls b flaky, so the verdict is told beside it")
        .containsExactly(
            "android > tests/cart.spec.js > cart > test a: passed",
            "android > tests/cart.spec.js > cart > test b: failed skipped",
            "android > tests/cart.spec.js > tests/cart.spec.js: failed");
  }

  @Test
  void testsOfOneNameStayApart() throws Exception {
    String again = end("a", "failed", 0).replace("\"id\":\"a\"", "\"id\":\"a2\"");
    reported(1, end("a", "passed", 0), again);
    BlobReport report =
        report(
            JobState.FAILED,
            job(Target.EMULATOR, JobState.FAILED, "", attempt(1, JobState.FAILED, List.of())));
    assertThat(outline(report))
        .containsExactly(
            "android > tests/cart.spec.js > cart > test a: passed",
            "android > tests/cart.spec.js > cart > test a: failed");
  }

  @Test
  void aTestThatHungIsThereThoughPlaywrightCouldNotTell() throws Exception {
    reported(1, end("a", "passed", 0));
    List<TestResult> known =
        List.of(
            known("test a", TestStatus.PASSED),
            known("test b", TestStatus.TIMED_OUT),
            known("test c", TestStatus.INTERRUPTED));
    BlobReport report =
        report(
            JobState.FAILED,
            job(Target.EMULATOR, JobState.FAILED, "it hung", attempt(1, JobState.FAILED, known)));

    assertThat(outline(report))
        .containsExactly(
            "android > tests/cart.spec.js > cart > test a: passed",
            "android > tests/cart.spec.js > cart > test b: timedOut",
            "android > tests/cart.spec.js > cart > test c: interrupted");
  }

  @Test
  void aJobWithoutAReportIsOneTestCalledLikeItsSpec() {
    BlobReport report =
        report(
            JobState.ERROR,
            job(
                Target.EMULATOR,
                JobState.ERROR,
                "the phone is gone",
                attempt(1, JobState.ERROR, List.of(), "log.txt")),
            job(Target.DEVICE, JobState.CANCELLED, null),
            job(Target.BROWSERSTACK, JobState.QUEUED, null));

    assertThat(outline(report))
        .containsExactly(
            "android on emulator > tests/cart.spec.js > tests/cart.spec.js: failed",
            "android on device > tests/cart.spec.js > tests/cart.spec.js: interrupted",
            "android on browserstack > tests/cart.spec.js > tests/cart.spec.js: interrupted");
    assertThat(params(report, "onTestEnd").map(p -> p.at("/result/errors/0/message").asText()))
        .containsExactly("the phone is gone", "cancelled", "no verdict yet: queued");
    JsonNode broken = params(report, "onTestEnd").findFirst().orElseThrow();
    assertThat(broken.at("/result/attachments/0/name").asText()).isEqualTo("log.txt");
    assertThat(broken.at("/result/duration").asLong()).isEqualTo(900);
    assertThat(broken.at("/result/annotations/2/description").asText())
        .isEqualTo("what went wrong");
  }

  @Test
  void aVerdictThatItsTestsDoNotExplainIsToldBesideThem() throws Exception {
    reported(1, end("a", "passed", 0));
    BlobReport report =
        report(
            JobState.ERROR,
            job(
                Target.EMULATOR,
                JobState.ERROR,
                "the process died",
                attempt(1, JobState.ERROR, List.of())));
    assertThat(outline(report))
        .containsExactly(
            "android > tests/cart.spec.js > cart > test a: passed",
            "android > tests/cart.spec.js > tests/cart.spec.js: failed");
  }

  @Test
  void aRunThatDidNotPassNeverLooksAsIfItHad() {
    BlobReport cancelled =
        report(JobState.CANCELLED, job(Target.EMULATOR, JobState.CANCELLED, null));
    assertThat(params(cancelled, "onError").map(p -> p.at("/error/message").asText()))
        .containsExactly("run r1: cancelled");
    BlobReport passed =
        report(
            JobState.PASSED,
            job(Target.EMULATOR, JobState.PASSED, null, attempt(1, JobState.PASSED, List.of())));
    assertThat(outline(passed))
        .containsExactly("android > tests/cart.spec.js > tests/cart.spec.js: passed");
    assertThat(params(passed, "onError")).isEmpty();
  }
}
