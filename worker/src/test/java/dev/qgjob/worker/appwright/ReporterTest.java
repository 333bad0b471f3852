package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reporter tells of ends of tests that it is handed as Playwright does. */
class ReporterTest {
  private static final Path REPORTER =
      Path.of("src/main/resources/dev/qgjob/worker/qgjob-reporter.cjs");

  private static final String ENDS =
      """
      const reporter = new (require(process.argv[2]))();
      reporter.root = '/p';
      const location = { file: '/p/a.spec.js', line: 1, column: 1 };
      function ends(errors) {
        reporter.onTestEnd(
          { id: 't', title: 't', location, annotations: [], retries: 0, outcome: () => 'unexpected' },
          { status: 'failed', retry: 0, duration: 1, annotations: [], attachments: [], errors },
        );
      }
      """;

  @TempDir Path folder;

  /** What is told when this is done with {@code ends}, which takes the errors of a test. */
  private List<JsonNode> told(String done) throws Exception {
    Path script = Files.writeString(folder.resolve("ends.cjs"), ENDS + done);
    Path events = folder.resolve("events.jsonl");
    Process node =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec node \"$0\" \"$1\" 3>\"$2\"",
                script.toString(),
                REPORTER.toAbsolutePath().toString(),
                events.toString())
            .inheritIO()
            .start();
    assertThat(node.waitFor()).isZero();
    List<JsonNode> all = new ArrayList<>();
    for (String line : Files.readAllLines(events)) {
      all.add(new ObjectMapper().readTree(line));
    }
    return all;
  }

  @Test
  void ofManyErrorsTheLastIsTold() throws Exception {
    JsonNode errors =
        told("""
                ends([...Array(30).keys()].map((i) => ({ message: 'error ' + i })));
                """)
            .get(0)
            .path("errors");
    assertThat(errors).hasSize(20);
    assertThat(errors.get(18).path("message").asText()).isEqualTo("error 18");
    assertThat(errors.get(19).path("message").asText()).isEqualTo("error 29");
  }

  /** One heap reads them all, and a process may have thousands of tests. */
  @Test
  void ofAProcessWithErrorsWithoutEndOnlyALineOfEachTestIsToldInTheEnd() throws Exception {
    List<JsonNode> ends =
        told(
            """
            const text = 'x'.repeat(20000);
            const error = (i) => ({ message: 'error ' + i + '\\n' + text, snippet: text });
            for (let i = 0; i < 1000; i++) ends([...Array(20).keys()].map(error));
            ends([error(1), { message: text }]);
            """);
    assertThat(Files.size(folder.resolve("events.jsonl"))).isLessThan(9L << 20);
    assertThat(ends.get(0).path("errors")).hasSize(20);
    JsonNode late = ends.get(999).path("errors");
    assertThat(late).hasSize(1);
    assertThat(late.get(0).path("message").asText()).isEqualTo("error 19");
    assertThat(late.get(0).has("snippet")).isFalse();
    assertThat(ends.get(1000).path("errors").get(0).path("message").asText()).hasSize(200);
  }
}
