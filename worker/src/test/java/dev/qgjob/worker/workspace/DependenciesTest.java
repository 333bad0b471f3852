package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real npm, pnpm and yarn, and the public registry. */
class DependenciesTest {
  private static final Path PROJECTS = Path.of("src/test/packages");
  private static final String SHA = "ab".repeat(32);

  @TempDir Path temporary;
  private Path folder;
  private final Uses uses = new Uses();

  @BeforeEach
  void real() throws IOException {
    folder = temporary.toRealPath();
  }

  @AfterEach
  void giveBack() {
    uses.close();
  }

  private Dependencies dependencies(String npm) throws IOException {
    Path state = Files.createDirectories(folder.resolve("state"));
    return new Dependencies(
        new Cache(
            state.resolve("cache"),
            Set.of("dependencies"),
            Long.MAX_VALUE,
            removed -> {},
            InstantSource.system()),
        new Npm(new Children("node", state), npm, state, System.getenv(), Duration.ofMinutes(5)));
  }

  private Path project(String name) throws IOException {
    Path project = Files.createDirectories(folder.resolve("bundle-" + name));
    Folders.copySources(PROJECTS.resolve(name), project);
    return project;
  }

  private Path installed(Dependencies dependencies, Path project, Map<String, String> variables)
      throws Exception {
    return dependencies.install(project, project, SHA, variables, Node.own("node"), uses).folder();
  }

  @ParameterizedTest
  @ValueSource(strings = {"npm", "pnpm", "yarn-1", "yarn-4"})
  void everyPackageManagerLaysThemOutAsNpmDoes(String name) throws Exception {
    Path project = project(name);

    Path packages = installed(dependencies("npm"), project, Map.of());

    Path one = packages.resolve("node_modules/is-number");
    assertThat(Files.readString(one.resolve("package.json"))).contains("\"version\": \"7.0.0\"");
    assertThat(one).as("no link into a store").isEqualTo(one.toRealPath());
    assertThat(installed(dependencies("/no/npm/there"), project, Map.of()))
        .as("kept by its lockfile")
        .isEqualTo(packages);
  }

  @ParameterizedTest
  @ValueSource(strings = {"npm", "pnpm", "yarn-1", "yarn-4"})
  void aLockfileThatDoesNotFitIsTheSubmitters(String name) throws Exception {
    Path project = project(name);
    Path manifest = project.resolve("package.json");
    Files.writeString(manifest, Files.readString(manifest).replace("\"7.0.0\"", "\"6.0.0\""));

    assertThatThrownBy(() -> installed(dependencies("npm"), project, Map.of()))
        .isInstanceOfSatisfying(
            NotReady.class,
            why -> {
              assertThat(why.kind()).isEqualTo(FailureKind.SUBMITTER);
              assertThat(why).hasMessageContaining("could not install the project's packages");
            });
  }

  @Test
  void packagesThatCameWithTheBundleNeedNobody() throws Exception {
    Path project = project("npm");
    Files.createDirectories(project.resolve("node_modules/@playwright/test"));

    assertThat(installed(dependencies("/no/npm/there"), project, Map.of())).isEqualTo(project);
  }

  @Test
  void whatATokenOpenedIsForThatTokenAlone() throws Exception {
    Path project = project("npm");
    Files.writeString(
        project.resolve(".npmrc"), "//registry.acme.example/:_authToken=${ACME_TOKEN}\n");
    Dependencies dependencies = dependencies("npm");

    Path one = installed(dependencies, project, Map.of("ACME_TOKEN", "a", "OTHER", "x"));
    Path other = installed(dependencies, project, Map.of("ACME_TOKEN", "b"));

    assertThat(other).isNotEqualTo(one);
    assertThat(installed(dependencies("/no/npm/there"), project, Map.of("ACME_TOKEN", "a")))
        .isEqualTo(one);
    assertThat(Objects.requireNonNull(one.getFileName()).toString()).doesNotContain("ACME");
  }

  @Test
  void whatOneLineOfNodeInstalledIsNotForAnother() throws Exception {
    Path project = project("npm");
    Path bin = Files.createDirectories(folder.resolve("other/bin"));
    Node other = new Node(bin.resolve("node").toString(), bin.toString(), 90);
    Path one = installed(dependencies("npm"), project, Map.of());

    Path two = dependencies("npm").install(project, project, SHA, Map.of(), other, uses).folder();

    assertThat(two).isNotEqualTo(one);
    assertThat(two.toString()).endsWith("-node90");
  }
}
