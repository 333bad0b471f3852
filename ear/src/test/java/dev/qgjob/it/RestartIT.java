package dev.qgjob.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.it.probe.RowProbe;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The start script and the distribution, as a person uses them. */
@DisabledIf("dev.qgjob.it.ServerUnderTest#partsAreMissing")
class RestartIT {

  private static final String SCRIPT =
      ServerUnderTest.property("qgjob.test.server") + "/bin/qgjob-server";

  @TempDir Path folder;

  @AfterEach
  void stop() throws Exception {
    script("stop", "--home", home());
  }

  @Test
  void whatWasCommittedIsThereAfterTheServerWasKilled() throws Exception {
    addRowProbe();
    Run first = start();
    assertThat(first.exit).as(first.output).isZero();
    int rows = 20;
    for (int i = 0; i < rows; i++) {
      assertThat(rowProbe(first, "POST", "?id=r" + i)).isEqualTo("committed");
    }

    ProcessHandle server = ProcessHandle.of(Long.parseLong(first.member("pid"))).orElseThrow();
    server.destroyForcibly();
    server.onExit().join();
    Run second = start();

    assertThat(second.exit).as(second.output).isZero();
    assertThat(rowProbe(second, "GET", "")).isEqualTo(String.valueOf(rows));
  }

  @Test
  void aTakenPortIsNamedWithWhatToDo() throws Exception {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      Run run =
          script(
              "start",
              "--home",
              home(),
              "--http-port",
              port,
              "--management-port",
              "0",
              "--broker-port",
              "0");

      assertThat(run.exit).isEqualTo(1);
      assertThat(run.output.strip())
          .hasLineCount(1)
          .contains("port " + port, "--http-port", "is taken", "start with");
    }
  }

  private Run start() throws Exception {
    return script(
        "start",
        "--wait",
        "--home",
        home(),
        "--http-port",
        "0",
        "--broker-port",
        "0",
        "--management-port",
        "0");
  }

  private String home() {
    return folder.resolve("server").toString();
  }

  private void addRowProbe() throws IOException {
    Path deployments = Files.createDirectories(folder.resolve("server/deployments"));
    ShrinkWrap.create(WebArchive.class, "rows.war")
        .addClass(RowProbe.class)
        .as(ZipExporter.class)
        .exportTo(deployments.resolve("rows.war").toFile());
    Files.createFile(deployments.resolve("rows.war.dodeploy"));
  }

  private static String rowProbe(Run server, String method, String query) {
    return ServerUnderTest.exchange(
            HttpRequest.newBuilder(URI.create(server.member("url") + "/rows/" + query))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build())
        .body();
  }

  private Run script(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", SCRIPT));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Run(process.waitFor(), Files.readString(output));
  }

  private record Run(int exit, String output) {
    /** Of the JSON line that {@code start --wait} prints. */
    String member(String name) {
      var matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(output);
      assertThat(matcher.find()).as(output).isTrue();
      return matcher.group(1);
    }
  }
}
