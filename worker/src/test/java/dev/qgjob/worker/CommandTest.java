package dev.qgjob.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer("tcp://127.0.0.1:1");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int execute(String... args) {
    CommandLine commandLine = WorkerMain.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }

  @Test
  void anEnrolmentKeepsCredentialsForTheirOwnerAlone() throws IOException {
    Path state = folder.resolve("state");
    int code =
        execute(
            "enrol",
            "--server",
            server.uri().toString(),
            "--code",
            "abc",
            "--name",
            "shelf",
            "--state",
            state.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("enrolled as shelf").doesNotContain("worker-token");
    assertThat(Files.getPosixFilePermissions(state.resolve("credentials.json")))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    try (StateFolder again = StateFolder.open(state)) {
      Credentials credentials = again.credentials().orElseThrow();
      assertThat(credentials.token()).isEqualTo("worker-token");
      assertThat(credentials.workerId()).isEqualTo("w1");
      assertThat(credentials.toString()).doesNotContain("worker-token");
      assertThat(again.proof()).hasSize(64).isEqualTo(again.proof());
    }
  }

  @Test
  void anEnrolmentOverPlainHttpToAnotherMachineIsRefused() {
    int code =
        execute(
            "enrol",
            "--server=http://192.0.2.1",
            "--code=abc",
            "--state=" + folder.resolve("state"));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "qgjob-worker: refusing to enrol over plain HTTP at 192.0.2.1; use https://");
  }

  @Test
  void aWrongOptionIsOneLineAndNotTheWholeHelp() {
    assertThat(execute("run", "--drain-timeout=x")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "qgjob-worker: Invalid value for option '--drain-timeout': 'x' is not a long"
                + " (see qgjob-worker run --help)");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpCutsNoSentenceAndNamesEachExitCode() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("the server, the phones. Changes nothing.")
        .contains("3 out of memory");
  }

  @Test
  void helpLeavesTheBreakingOfLinesToTheTerminal() {
    for (CommandLine command : WorkerMain.commandLine().getSubcommands().values()) {
      assertThat(command.getCommandSpec().options())
          .allSatisfy(option -> assertThat(option.description()).hasSize(1));
    }
  }

  @Test
  void aWrongCodeIsOneLine() {
    server.onEnrol = enrol -> FakeServer.Answer.problem(401, "wrong-code");
    int code =
        execute(
            "enrol",
            "--server",
            server.uri().toString(),
            "--code",
            "abc",
            "--state",
            folder.resolve("state").toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).isEqualToIgnoringNewLines("qgjob-worker: wrong-code");
  }

  @Test
  void aWorkerThatIsNotEnrolledSaysHowToEnrol() {
    Path state = folder.resolve("state");
    assertThat(execute("run", "--state", state.toString())).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .contains("not enrolled")
        .contains("qgjob-worker enrol --server URL --code CODE");
  }

  @Test
  void aStateFolderIsForOneWorker() {
    Path state = folder.resolve("state");
    try (StateFolder held = StateFolder.open(state)) {
      assertThat(execute("run", "--state", held.path().toString())).isEqualTo(1);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).contains("another worker uses").contains("--state");
    }
  }

  @Test
  void aTokenIsNotSentOverPlainHttpToAnotherMachine() {
    int code =
        execute(
            "run",
            "--state",
            stateWith(
                "{\"server\":\"http://203.0.113.1\",\"worker_id\":\"w1\",\"name\":\"n\","
                    + "\"token\":\"t\"}"));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("plain HTTP");
  }

  @Test
  void brokenCredentialsAreSaidSo() {
    assertThat(execute("run", "--state", stateWith("{\"server\":"))).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("enrol the worker again");
  }

  private String stateWith(String credentials) {
    try {
      Path state = Files.createDirectories(folder.resolve("state"));
      Files.writeString(state.resolve("credentials.json"), credentials);
      return state.toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aVirtualDeviceWithoutAdbIsSaidSo() {
    String state =
        stateWith(
            "{\"server\":\"http://127.0.0.1:1\",\"worker_id\":\"w1\",\"name\":\"n\","
                + "\"token\":\"t\"}");
    assertThat(execute("run", "--state", state, "--avd", "pixel", "--no-adb")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("qgjob-worker: --avd needs adb: leave out --no-adb");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(execute("enrol", "--server", "https://qgjob.example")).isEqualTo(2);
    assertThat(execute("frobnicate")).isEqualTo(2);
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).startsWith("qgjob-worker ");
  }
}
