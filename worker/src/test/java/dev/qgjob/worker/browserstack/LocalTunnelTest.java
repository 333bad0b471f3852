package dev.qgjob.worker.browserstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.worker.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program that says what BrowserStackLocal says. */
class LocalTunnelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path state;

  private Path program(String script) throws IOException {
    Path file =
        Files.createFile(
            state.resolve("BrowserStackLocal"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return Files.writeString(file, "#!/bin/sh\n" + script);
  }

  private LocalTunnel tunnel(Path program) throws IOException {
    return new LocalTunnel(
        new Children("node", state),
        program,
        new Account("ann", "hush"),
        state,
        Map.of("PATH", System.getenv("PATH")),
        Duration.ofMillis(10));
  }

  private List<String> starts() throws IOException {
    Path file = state.resolve("starts");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Test
  void itIsUpBeforeSessionsStartedAgainWhenItDiesAndEndsWithTheWorker() throws Exception {
    Path program =
        program(
            """
            echo "$$ $*" >> starts
            echo "[SUCCESS] You can now access your local server(s) in our remote browser"
            exec sleep 600
            """);
    LocalTunnel tunnel = tunnel(program);
    await().atMost(PATIENCE).until(() -> tunnel.hindrance().isEmpty());
    String identifier = (String) tunnel.options().get("localIdentifier");
    assertThat(tunnel.options()).containsEntry("local", true);
    assertThat(starts()).hasSize(1);
    assertThat(starts().get(0)).endsWith("--key hush --local-identifier " + identifier);

    process(0).destroyForcibly();
    await().atMost(PATIENCE).until(() -> starts().size() == 2);
    await().atMost(PATIENCE).until(() -> tunnel.hindrance().isEmpty());
    assertThat(starts().get(1)).endsWith(identifier);

    ProcessHandle second = process(1);
    tunnel.close();
    await().atMost(PATIENCE).until(() -> !second.isAlive());
    assertThat(starts()).hasSize(2);
  }

  private ProcessHandle process(int start) throws IOException {
    long pid = Long.parseLong(starts().get(start).split(" ")[0]);
    return ProcessHandle.of(pid).orElseThrow();
  }

  @Test
  void whatItSaysIsToldWithoutTheKey() throws Exception {
    Path program = program("echo '*** Error: the key hush is not known'; exit 1");
    try (LocalTunnel tunnel = tunnel(program)) {
      await()
          .atMost(PATIENCE)
          .until(() -> tunnel.hindrance().orElse("").contains("the key *** is not known"));
    }
  }
}
