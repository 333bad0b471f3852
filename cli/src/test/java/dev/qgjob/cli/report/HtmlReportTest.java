package dev.qgjob.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real node, and a program of the test's in Playwright's place. */
class HtmlReportTest {
  /** Takes the blob report as it gets it. */
  private static final String TAKES_IT =
      """
      const fs = require('node:fs');
      const [command, reporter, dir] = process.argv.slice(2);
      const into = process.env.PLAYWRIGHT_HTML_OUTPUT_DIR;
      fs.mkdirSync(into, { recursive: true });
      fs.copyFileSync(dir + '/report.zip', into + '/blob.zip');
      const env = Object.keys(process.env).filter((name) => name.startsWith('QGJOB_'));
      const open = [process.env.PLAYWRIGHT_HTML_OPEN, process.env.PW_TEST_HTML_REPORT_OPEN];
      const told = { command, reporter, env, open, title: process.env.PLAYWRIGHT_HTML_TITLE };
      fs.writeFileSync(into + '/told.json', JSON.stringify(told));
      fs.writeFileSync(into + '/index.html', '<template id="playwrightReportBase64">');
      """;

  @TempDir Path folder;
  private Path project;
  private ScriptedServer server;
  private Process process;

  @BeforeEach
  void start() throws IOException {
    project = Files.createDirectories(folder.resolve("project"));
    server = new ScriptedServer();
    process = new Process(project).at(server);
    byte[] report = "{\"tests\":[]}".getBytes(StandardCharsets.UTF_8);
    server
        .on(
            "GET /runs/r1",
            Views.run(
                JobState.FAILED,
                Views.job(
                    "j1",
                    JobState.FAILED,
                    FailureKind.TEST,
                    "report.json",
                    ScriptedServer.sha256(report)),
                Views.job(
                    "j2",
                    JobState.ERROR,
                    FailureKind.TARGET,
                    "log.txt",
                    ScriptedServer.sha256("gone".getBytes(StandardCharsets.UTF_8)))))
        .on("GET /jobs/j1/artefacts/1/report.json", report)
        .on("GET /jobs/j2/artefacts/1/log.txt", "gone");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void playwright(String version, String program) throws IOException {
    Path home = Files.createDirectories(project.resolve("node_modules/@playwright/test"));
    Files.writeString(home.resolve("package.json"), "{\"version\":\"" + version + "\"}");
    Files.writeString(home.resolve("cli.js"), program);
  }

  private Process.End html(String dir) {
    return process.qgjob("report", "--run-id=r1", "--html=" + dir);
  }

  private void refused(Process.End end, int code, String... says) {
    assertThat(end.code()).as(end.err()).isEqualTo(code);
    assertThat(end.err().strip().lines()).as(end.err()).hasSize(1);
    assertThat(end.err()).contains(says);
    assertThat(server.heard("GET /runs/r1")).as("nothing was asked for").isEmpty();
  }

  private List<Path> in(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(dir::relativize).sorted().toList();
    }
  }

  @Test
  void playwrightIsGivenTheRunAndItsFiles() throws IOException {
    playwright("1.59.1", TAKES_IT);
    Process.End end = html("out/report");

    assertThat(end.code()).as(end.err()).isZero();
    assertThat(end.err()).contains("HTML report: " + project.resolve("out/report/index.html"));
    assertThat(in(project.resolve("out"))).containsExactly(Path.of("report"));
    JsonNode told = Json.mapper().readTree(project.resolve("out/report/told.json").toFile());
    assertThat(told.path("command").asText()).isEqualTo("merge-reports");
    assertThat(told.path("reporter").asText()).isEqualTo("--reporter=html");
    assertThat(told.path("open")).as("by both names").allMatch(o -> o.asText().equals("never"));
    assertThat(told.path("title").asText()).isEqualTo("qgjob r1");
    assertThat(told.path("env")).as("no token of qgjob's").isEmpty();
    try (ZipFile blob = new ZipFile(project.resolve("out/report/blob.zip").toFile())) {
      assertThat(blob.stream().map(Object::toString))
          .hasSize(2)
          .contains("report.jsonl")
          .anyMatch(name -> name.matches("resources/[0-9a-f]{64}\\.txt"));
      String events =
          new String(
              blob.getInputStream(blob.getEntry("report.jsonl")).readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(events).contains("\"testId\":\"j1-1\"", "\"testId\":\"j2-1\"").endsWith("}\n");
    }
  }

  @Test
  void aReportTakesThePlaceOfTheOneBeforeIt() throws IOException {
    playwright("1.59.1", TAKES_IT);
    assertThat(html("report").code()).isZero();
    Files.writeString(project.resolve("report/old"), "");
    assertThat(html("report").code()).isZero();
    assertThat(project.resolve("report/old")).doesNotExist();
    assertThat(in(project))
        .contains(Path.of("report"))
        .noneMatch(p -> p.toString().startsWith("."));
  }

  @Test
  void nothingButSuchAReportIsReplaced() throws IOException {
    playwright("1.59.1", TAKES_IT);
    Files.writeString(project.resolve("file"), "mine");
    Files.writeString(
        Files.createDirectories(project.resolve("site")).resolve("index.html"), "mine");
    refused(html("file"), 2, "file is a file; name a folder");
    refused(html("site"), 2, "site", "something else");
    refused(html("."), 2, "something else");
    refused(html("-"), 2, "--html writes a folder");
    assertThat(project.resolve("site/index.html")).hasContent("mine");
  }

  @Test
  void whatIsMissingIsSaidBeforeAnythingIsAsked() throws IOException {
    refused(html("report"), 1, "none is installed in " + project, "npm ci", "--project-dir");
    playwright("1.43.1", TAKES_IT);
    refused(html("report"), 1, "--html takes Playwright 1.44 or newer", "1.43.1");
    playwright("1.59.1", TAKES_IT);
    process.env("PATH", folder.toString());
    refused(html("report"), 1, "no node on the PATH");
    refused(process.qgjob("wait", "--run-id=r1", "--html=report"), 1, "no node on the PATH");
    refused(
        process.qgjob("run", "--app-version-id=1", "--test=a.spec.js", "--html=report"),
        1,
        "no node on the PATH");
    assertThat(project.resolve("report")).doesNotExist();
  }

  @Test
  void theProjectMayBeElsewhereAndPnpmHidePlaywright() throws IOException {
    playwright("1.59.1", TAKES_IT);
    Path store = project.resolve("node_modules/.pnpm/appwright@1/node_modules");
    Path appwright = Files.createDirectories(store.resolve("appwright"));
    Files.writeString(appwright.resolve("package.json"), "{}");
    Files.move(project.resolve("node_modules/@playwright"), store.resolve("@playwright"));
    Files.createSymbolicLink(project.resolve("node_modules/appwright"), appwright);
    process = new Process(folder).at(server);
    Process.End end =
        process.qgjob("report", "--run-id=r1", "--html=report", "--project-dir=project");
    assertThat(end.code()).as(end.err()).isZero();
    assertThat(folder.resolve("report/told.json")).exists();
  }

  @Test
  void whatPlaywrightCannotDoIsSaidAndLeavesWhatWasThere() throws IOException {
    playwright("1.59.1", TAKES_IT);
    assertThat(html("report").code()).isZero();
    Files.writeString(project.resolve("report/old"), "");
    playwright("1.59.1", "console.error('Error: it is too new\\n    at x'); process.exit(1);");
    Process.End end = html("report");
    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err())
        .contains("Playwright 1.59.1 in ", "makes no HTML report: Error: it is too new\n");
    assertThat(project.resolve("report/old")).exists();
    assertThat(in(project)).noneMatch(p -> p.toString().startsWith("."));
  }

  @Test
  void aWaitEndsWithTheVerdictAndTheReport() throws IOException {
    playwright("1.59.1", TAKES_IT);
    Process.End end = process.qgjob("wait", "--run-id=r1", "--html=report");
    assertThat(end.code()).as(end.err()).isEqualTo(10);
    assertThat(project.resolve("report/index.html")).exists();
  }
}
