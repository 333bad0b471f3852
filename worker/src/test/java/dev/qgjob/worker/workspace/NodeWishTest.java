package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semver4j.Semver;

class NodeWishTest {
  @TempDir Path bundle;

  private NodeWish wish(Path project) throws IOException, NotReady {
    return NodeWish.of(bundle, project).orElseThrow();
  }

  private void refused(String hint) {
    assertThatThrownBy(() -> wish(bundle))
        .isInstanceOfSatisfying(
            NotReady.class,
            why -> {
              assertThat(why.kind()).isEqualTo(FailureKind.SUBMITTER);
              assertThat(why.getMessage()).contains(hint).doesNotContain("\n").hasSizeLessThan(200);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "20, 20.0.0, 21.0.0",
    "v20.11.1, 20.11.1, 20.11.2",
    "20.11, 20.11.9, 20.12.0",
    "lts/*, 22.1.0, 23.1.0",
    "lts/iron, 20.9.0, 22.9.0",
    "node, 23.0.0, 16.0.0",
    "stable, 18.0.0, 17.9.0",
  })
  void whatNvmWritesIsRead(String text, String fits, String not) throws Exception {
    Files.writeString(bundle.resolve(".nvmrc"), "# ours\n\n" + text + " # why\n");

    assertThat(wish(bundle).fits(new Semver(fits))).isTrue();
    assertThat(wish(bundle).fits(new Semver(not))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    ">=20, 22.1.0, 18.1.0",
    "^20.11.0 || >=22.1, 20.12.0, 21.0.0",
    ">=14 <21, 18.0.0, 16.0.0",
    "18.x, 18.3.0, 20.0.0",
    "20 - 22, 22.9.0, 23.0.0",
  })
  void enginesIsARange(String text, String fits, String not) throws Exception {
    Files.writeString(bundle.resolve("package.json"), "{\"engines\":{\"node\":\"" + text + "\"}}");

    assertThat(wish(bundle).fits(new Semver(fits))).isTrue();
    assertThat(wish(bundle).fits(new Semver(not))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20; rm -rf /",
        "20 || 22",
        "--registry=http://x",
        "$(id)",
        "lts/nobody",
        "lts/-1",
        "iojs",
        "99999",
        "20\n22",
        "",
        "\u001b[2Jx",
      })
  void anythingElseIsTheSubmitters(String text) throws IOException {
    Files.writeString(bundle.resolve(".nvmrc"), text);

    refused(".nvmrc names no version of Node");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$(id)", "latest", "20@http://x", "||||><"})
  void soAreEngines(String text) throws IOException {
    Files.writeString(bundle.resolve("package.json"), "{\"engines\":{\"node\":\"" + text + "\"}}");

    refused("engines.node in package.json names no version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"16", "v14.1.0", "lts/gallium"})
  void whatIsTooOldForPlaywrightIsRefused(String text) throws IOException {
    Files.writeString(bundle.resolve(".nvmrc"), text);

    refused("need 18 or newer");
  }

  @Test
  void theNearestFileCounts() throws Exception {
    Path project = Files.createDirectories(bundle.resolve("e2e"));
    Files.writeString(bundle.resolve(".nvmrc"), "20");
    Files.writeString(project.resolve("package.json"), "{\"engines\":{\"node\":\">=18\"}}");
    assertThat(wish(project).from()).isEqualTo(".nvmrc");

    Files.writeString(project.resolve(".node-version"), "22");
    assertThat(wish(project).text()).isEqualTo("22");

    Files.writeString(project.resolve(".nvmrc"), "24");
    assertThat(wish(project).text()).isEqualTo("24");
  }

  @Test
  void withoutAnyThereIsNone() throws Exception {
    Files.writeString(bundle.resolve("package.json"), "{}");

    assertThat(NodeWish.of(bundle, bundle)).isEmpty();
  }

  @Test
  void whatLiesOutsideTheBundleIsNotRead(@TempDir Path outside) throws Exception {
    Files.writeString(outside.resolve("secret"), "20");
    Files.createSymbolicLink(bundle.resolve(".nvmrc"), outside.resolve("secret"));

    refused("no regular file");
  }

  @Test
  void aLongFileIsNotRead() throws IOException {
    Files.writeString(bundle.resolve(".nvmrc"), "2".repeat(1_001));

    refused("longer than 1000 bytes");
  }
}
