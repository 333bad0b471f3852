package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.process.Children;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real npm, and the public registry. */
class NodesTest {
  @TempDir Path temporary;
  private Path folder;
  private Path nvm;
  private final Uses uses = new Uses();

  @BeforeEach
  void real() throws IOException {
    folder = temporary.toRealPath();
    nvm = folder.resolve("nvm");
  }

  @AfterEach
  void giveBack() {
    uses.close();
  }

  private Nodes nodes(String npm, Map<String, String> more) throws IOException {
    Path state = Files.createDirectories(folder.resolve("state"));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("NVM_DIR", nvm.toString());
    environment.putAll(more);
    return new Nodes(
        new Cache(
            state.resolve("cache"),
            Set.of(Nodes.KIND),
            Long.MAX_VALUE,
            removed -> {},
            InstantSource.system()),
        new Npm(new Children("node", state), npm, state, environment, Duration.ofMinutes(5)),
        environment);
  }

  /** Of a line that the host's own is not of. */
  private static String other() throws Exception {
    return versionOf("node").startsWith("v18.") ? "20.20.0" : "18.20.4";
  }

  private static String versionOf(String program) throws Exception {
    Process process = new ProcessBuilder(program, "--version").start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private void install(String version) throws IOException {
    Path bin = Files.createDirectories(nvm.resolve("versions/node/v" + version + "/bin"));
    Path program = Files.writeString(bin.resolve("node"), "#!/bin/sh\necho nvm\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theHostsOwnServesWhereItFits() throws Exception {
    String own = versionOf("node");

    assertThat(nodes("/no/npm", Map.of()).of(NodeWish.named(own, ".nvmrc"), uses))
        .isEqualTo(Node.own("node"));
    assertThat(nodes("/no/npm", Map.of()).of(folder, folder, uses))
        .as("nobody asks for one")
        .isEqualTo(Node.own("node"));
  }

  @Test
  void thenTheNewestThatNvmInstalled() throws Exception {
    install("90.2.0");
    install("90.10.0");
    install("91.0.0");
    Files.createDirectories(nvm.resolve("versions/node/v90.11.0/bin"));

    Node node = nodes("/no/npm", Map.of()).of(NodeWish.named("90", ".nvmrc"), uses);

    assertThat(node.program()).isEqualTo(nvm + "/versions/node/v90.10.0/bin/node");
    assertThat(node.major()).isEqualTo(90);
    Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin"));
    node.leadPath(environment);
    assertThat(environment.get("PATH")).isEqualTo(node.folder() + ":/usr/bin");
  }

  @Test
  void elseItIsFetchedOnceAndRuns() throws Exception {
    String wanted = other();

    Node node = nodes("npm", Map.of()).of(NodeWish.named(wanted, ".nvmrc"), uses);

    assertThat(versionOf(node.program())).isEqualTo("v" + wanted);
    assertThat(nodes("/no/npm", Map.of()).of(NodeWish.named(wanted, ".nvmrc"), uses))
        .as("kept")
        .isEqualTo(node);
  }

  @Test
  void oneThatWasNeverReleasedIsTheSubmitters() throws Exception {
    assertThatThrownBy(() -> nodes("npm", Map.of()).of(NodeWish.named("18.999.0", ".nvmrc"), uses))
        .isInstanceOfSatisfying(
            NotReady.class, why -> assertThat(why.kind()).isEqualTo(FailureKind.SUBMITTER))
        .hasMessageContaining("18.999.0");
  }

  @Test
  void aRegistryThatIsAwayIsTheWorkers() throws Exception {
    Map<String, String> away =
        Map.of(
            "NPM_CONFIG_REGISTRY",
            "http://127.0.0.1:9/",
            "NPM_CONFIG_USERCONFIG",
            Files.writeString(folder.resolve("npmrc"), "fetch-retries=0\n").toString());

    assertThatThrownBy(() -> nodes("npm", away).of(NodeWish.named(other(), ".nvmrc"), uses))
        .isInstanceOfSatisfying(
            NotReady.class, why -> assertThat(why.kind()).isEqualTo(FailureKind.INFRASTRUCTURE))
        .hasMessageContaining("Node " + other())
        .hasMessageContaining("install it there with nvm");
  }
}
