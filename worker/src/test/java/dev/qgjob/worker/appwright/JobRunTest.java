package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.TestFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunTest {
  private static final String END =
      "{\"event\":\"testEnd\",\"id\":\"%s\",\"file\":\"a.spec.js\",\"status\":\"passed\",\"opening\":%d}";

  /** JSON has it otherwise. */
  private static final String SECRET = "va\"ult\\47";

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
    job = new JobRun(assignment, folder, new Redaction(Map.of(), Map.of("PIN", SECRET)), () -> now);
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
  void aTestThatIsCutOffIsToldWithTheTimeThatItRan() throws IOException {
    job.report().expect(new RunEvent.KnownTest("t1", "a.spec.js", List.of("one"), 1, 1));
    pass(10);
    job.testBegan("t1", Duration.ZERO);
    pass(15);
    assertThat(job.resultsCutNow(TestStatus.TIMED_OUT, "cut off"))
        .extracting(TestResult::durationMs)
        .containsExactly(15_000L);
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

  @Test
  void aSecretIsInNoTextThatIsKept() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode end = json.createObjectNode();
    end.put("event", "testEnd").put("id", "t1").put("file", "a.spec.js").put("status", "failed");
    end.putArray("errors").addObject().put("message", "not " + SECRET);
    ArrayNode attachments = end.putArray("attachments");
    Map<String, String> types =
        Map.of(
            "note", "text/plain", "page", "text/html; charset=utf-8", "data", "application/json");
    Map<String, Path> files = new HashMap<>();
    for (Map.Entry<String, String> type : types.entrySet()) {
      Path file = folder.resolve("of-the-spec-" + type.getKey());
      files.put(
          type.getKey(), Files.writeString(file, json.writeValueAsString(Map.of("a", SECRET))));
      attachments
          .addObject()
          .put("name", type.getKey())
          .put("contentType", type.getValue())
          .put("path", file.toString());
    }
    Path picture = Files.writeString(folder.resolve("picture"), SECRET);
    attachments
        .addObject()
        .put("name", "picture")
        .put("contentType", "image/png")
        .put("path", picture.toString());
    job.testBegan("t1", Duration.ZERO);
    job.testEnded((RunEvent.TestEnd) RunEvents.parse(end.toString()).orElseThrow());

    Map<String, Path> kept = new HashMap<>();
    for (Artefact artefact : job.details(List.of(), 0, List.of(), Duration.ZERO).artefacts()) {
      kept.put(artefact.name().replaceAll("attachments-\\d+-|\\..*", ""), artefact.file());
    }
    assertThat(kept).containsOnlyKeys("log", "report", "note", "page", "data", "picture");
    for (String name : types.keySet()) {
      assertThat(kept.get(name)).content().isEqualTo("{\"a\":\"***\"}");
      assertThat(files.get(name)).as("the spec's own file").content().contains("ult");
    }
    assertThat(json.readTree(kept.get("report").toFile()).at("/tests/0/errors/0/message").asText())
        .isEqualTo("not ***");
    assertThat(kept.get("picture")).as("no text").isEqualTo(picture);
  }

  private static ObjectNode end(String id, int retry, String attached, Path file) {
    ObjectNode end = new ObjectMapper().createObjectNode();
    end.put("event", "testEnd").put("id", id).put("file", "a.spec.js").put("status", "failed");
    end.put("retry", retry).put("willRetry", retry == 0);
    end.putArray("attachments")
        .addObject()
        .put("name", attached)
        .put("contentType", "image/png")
        .put("path", file.toString());
    return end;
  }

  private JsonNode report(List<Artefact> kept) throws IOException {
    Path file =
        kept.stream()
            .filter(artefact -> artefact.name().equals("report.json"))
            .map(Artefact::file)
            .findFirst()
            .orElseThrow();
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void theReportHasEachTryOfATestAndWhatItsAttachmentsAreKeptAs() throws IOException {
    Path picture = Files.writeString(folder.resolve("picture"), "png");
    Files.writeString(job.screenshot(), "png"); // is not counted with what tests attach
    job.testBegan("t1", Duration.ZERO);
    for (ObjectNode end :
        List.of(
            end("t1", 0, "the screen of " + SECRET, picture),
            end("t1", 1, "gone", folder.resolve("gone")))) {
      job.testEnded((RunEvent.TestEnd) RunEvents.parse(end.toString()).orElseThrow());
    }
    List<Artefact> kept = job.details(List.of(), 0, List.of(), Duration.ZERO).artefacts();
    JsonNode report = report(kept);
    assertThat(report.at("/tests")).hasSize(2);
    JsonNode first = report.at("/tests/0/attachments/0");
    assertThat(first.path("name").asText()).isEqualTo("the screen of ***");
    assertThat(first.path("artefact").asText()).isEqualTo("attachments-1-the-screen-of-.png");
    assertThat(kept)
        .extracting(Artefact::name)
        .containsExactly(
            "log.txt", "in-front.png", "report.json", "attachments-1-the-screen-of-.png");
    assertThat(report.at("/tests/1/retry").asInt()).isEqualTo(1);
    assertThat(report.at("/tests/1/attachments/0").has("artefact")).as("no such file").isFalse();
  }

  private JsonNode reportOf(String... ends) throws IOException {
    job.testBegan("t1", Duration.ZERO);
    for (String end : ends) {
      job.testEnded((RunEvent.TestEnd) RunEvents.parse(end).orElseThrow());
    }
    return report(job.details(List.of(), 0, List.of(), Duration.ZERO).artefacts());
  }

  /** A spec may call its tests so, and a text that is cut may end within a character. */
  @Test
  void halfACharacterInATitleCostsNoReport() throws IOException {
    JsonNode report =
        reportOf(
            "{\"event\":\"testEnd\",\"id\":\"t1\",\"title\":[\"half \\ud83d\"],\"status\":\"passed\"}");
    assertThat(report.at("/tests/0/title/0").asText()).startsWith("half ");
  }

  /** Whatever runs in Playwright's own process can write to the reporter's channel. */
  @Test
  void attachmentsThatAreNoListAreLeftBehind() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    for (String attachments :
        List.of(
            "{\"a\":{\"path\":\"%s\"}}".formatted(file),
            "[[],\"text\",null,{\"path\":7}]",
            "{\"path\":\"%s\"}".formatted(file))) {
      JsonNode report =
          reportOf(
              "{\"event\":\"testEnd\",\"id\":\"t1\",\"status\":\"passed\",\"attachments\":"
                  + attachments
                  + "}");
      assertThat(report.at("/tests")).isNotEmpty();
    }
  }

  /**
   * The server takes names of 200 characters and types that are such; the file is worth keeping.
   */
  @Test
  void whateverAnAttachmentIsCalledItIsKept() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "it is " + SECRET);
    job.testBegan("t1", Duration.ZERO);
    for (String type : List.of("", "json", "text/plain\nX-Other: 1", "\u00fc/x", "*/*")) {
      ObjectNode end = end("t1", 0, "n".repeat(4096) + "\n/../\"", file);
      ((ObjectNode) end.at("/attachments/0")).put("contentType", type);
      job.testEnded((RunEvent.TestEnd) RunEvents.parse(end.toString()).orElseThrow());
    }
    List<Artefact> kept = job.details(List.of(), 0, List.of(), Duration.ZERO).artefacts();
    assertThat(kept).hasSize(2 + 5);
    for (Artefact artefact : kept.subList(2, kept.size())) {
      assertThat(artefact.name()).matches("attachments-[0-9]+-n+").hasSizeLessThan(150);
      assertThat(artefact.contentType()).isEqualTo("application/octet-stream");
      assertThat(artefact.file()).content().isEqualTo("it is ***");
    }
    assertThat(report(kept).at("/tests/4/attachments/0/artefact").asText())
        .isEqualTo(kept.get(6).name());
  }
}
