package dev.qgjob.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.submit.Project;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private static final long PLENTY = 1_000_000;

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void real() throws IOException {
    folder = temporary.toRealPath();
  }

  private Project project(String name) throws IOException {
    return Project.usual(Files.createDirectory(folder.resolve(name)));
  }

  private static Map<String, TarArchiveEntry> entries(Path root) throws IOException {
    Map<String, TarArchiveEntry> entries = new TreeMap<>();
    try (Bundle bundle = Bundle.pack(ProjectTree.of(root), PLENTY);
        InputStream in = Files.newInputStream(bundle.file());
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), entry);
      }
    }
    return entries;
  }

  private static String sha(Path root) throws IOException {
    try (Bundle bundle = Bundle.pack(ProjectTree.of(root), PLENTY)) {
      assertThat(Sha256.of(bundle.file())).isEqualTo(bundle.sha256());
      return bundle.sha256();
    }
  }

  @Test
  void theSameTreeGivesTheSameBytes() throws IOException {
    Path one = project("one").root();
    Path two = project("two").root();
    Files.setLastModifiedTime(two.resolve("package.json"), FileTime.fromMillis(86_400_000L));
    Files.setPosixFilePermissions(
        two.resolve("package.json"), PosixFilePermissions.fromString("rw-rw----"));

    assertThat(sha(two)).isEqualTo(sha(one));
    Files.setPosixFilePermissions(
        two.resolve("package.json"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(sha(two)).isNotEqualTo(sha(one));
  }

  @Test
  void entriesCarryNoTimesOwnersOrModes() throws IOException {
    Project small =
        new Project(Files.createDirectory(folder.resolve("small"))).file("a.txt", "a\n");
    Map<String, TarArchiveEntry> entries = entries(small.root());

    assertThat(entries).containsOnlyKeys("a.txt");
    assertThat(entries.get("a.txt"))
        .returns(0L, TarArchiveEntry::getLongUserId)
        .returns(0L, TarArchiveEntry::getLongGroupId)
        .returns("", TarArchiveEntry::getUserName)
        .returns(0100644, TarArchiveEntry::getMode)
        .returns(FileTime.fromMillis(0), TarArchiveEntry::getLastModifiedTime);
  }

  @Test
  void withGitTheBundleIsWhatGitSees() throws IOException {
    Project project =
        project("one")
            .git("init", "-q")
            .file(".gitignore", "*.log\n")
            .file("noise.log", "noise")
            .file("node_modules/x/index.js", "//")
            .file("tracked.txt", "x");
    project.git("add", "tracked.txt", "tests").file("new.txt", "not added yet");
    Files.delete(project.root().resolve("tests/login.spec.js"));

    assertThat(entries(project.root()))
        .containsOnlyKeys(
            ".gitignore",
            "appwright.config.js",
            "new.txt",
            "package.json",
            "tests/deep/er/cart.spec.ts",
            "tests/onboarding.spec.js",
            "tracked.txt");
  }

  @Test
  void withoutGitRubbishAndAppsStayOut() throws IOException {
    Project project =
        project("one")
            .apk("builds/app.apk")
            .file("node_modules/x/index.js", "//")
            .file("test-results/x/trace.zip", "x")
            .file("playwright-report/index.html", "x");

    assertThat(entries(project.root()))
        .containsOnlyKeys(
            "appwright.config.js",
            "package.json",
            "tests/deep/er/cart.spec.ts",
            "tests/login.spec.js",
            "tests/onboarding.spec.js");
  }

  @Test
  void aWorkspaceGivesItsLockfileAndNothingElse() throws IOException {
    Project mono =
        new Project(Files.createDirectory(folder.resolve("mono")))
            .file("package.json", "{}")
            .file("pnpm-lock.yaml", "x")
            .file("pnpm-workspace.yaml", "x")
            .file("README.md", "x")
            .file("apps/other/index.js", "//")
            .git("init", "-q");
    Project.usual(mono.root().resolve("apps/e2e"));

    ProjectTree tree = ProjectTree.of(mono.root().resolve("apps/e2e"));

    assertThat(tree.projectDir()).isEqualTo("apps/e2e");
    assertThat(tree.specs()).containsKey("tests/onboarding.spec.js");
    assertThat(tree.entries())
        .containsOnlyKeys(
            "apps/e2e/appwright.config.js",
            "apps/e2e/package.json",
            "apps/e2e/tests/deep/er/cart.spec.ts",
            "apps/e2e/tests/login.spec.js",
            "apps/e2e/tests/onboarding.spec.js",
            "package.json",
            "pnpm-lock.yaml",
            "pnpm-workspace.yaml");
  }

  @Test
  void aProjectWithItsOwnLockfileStandsAlone() throws IOException {
    Project mono =
        new Project(Files.createDirectory(folder.resolve("mono")))
            .file("package-lock.json", "{}")
            .git("init", "-q");
    Path e2e = Project.usual(mono.root().resolve("e2e")).file("package-lock.json", "{}").root();

    assertThat(ProjectTree.of(e2e).projectDir()).isEqualTo(".");
  }

  @Test
  void linksWithinTheProjectBecomeFiles() throws IOException {
    Project project = project("one").file("shared/a.js", "//");
    Files.createSymbolicLink(project.root().resolve("link.js"), Path.of("shared/a.js"));
    Files.createSymbolicLink(project.root().resolve("again"), Path.of("shared"));

    assertThat(entries(project.root()))
        .containsKeys("link.js", "again/a.js", "shared/a.js")
        .allSatisfy((name, entry) -> assertThat(entry.isSymbolicLink()).isFalse());
  }

  @Test
  void linksOutOfTheProjectAreRefusedByName() throws IOException {
    Files.writeString(folder.resolve("secret"), "x");
    for (String target : new String[] {"../secret", "..", "nowhere", "."}) {
      Project project = project("one-" + target.replace('/', '_'));
      Files.createSymbolicLink(project.root().resolve("bad.link"), Path.of(target));
      assertThatThrownBy(() -> ProjectTree.of(project.root()))
          .as(target)
          .isInstanceOf(Failure.class)
          .hasMessageContaining("bad.link");
    }
  }

  private static ProjectTree with(Project project, boolean packages, String... include)
      throws IOException {
    return ProjectTree.of(project.root(), new ProjectTree.Extras(List.of(include), packages));
  }

  @Test
  void whatGitIgnoresGoesAlongWhereItIsAskedFor() throws IOException {
    Project project =
        project("one")
            .git("init", "-q")
            .file(".gitignore", "*.json.local\ngenerated/\n")
            .file("config/users.json.local", "{}")
            .file("generated/deep/client.js", "//")
            .file("generated/node_modules/x/index.js", "//");

    assertThat(with(project, false).entries())
        .doesNotContainKeys("config/users.json.local", "generated/deep/client.js");
    assertThat(with(project, false, "config/*.local", "./generated/").entries())
        .containsKeys("config/users.json.local", "generated/deep/client.js", "package.json")
        .doesNotContainKey("generated/node_modules/x/index.js");
  }

  @Test
  void anIncludeThatMatchesNothingIsTold() throws IOException {
    Project project = project("one");
    assertThatThrownBy(() -> with(project, false, "config/*.local"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--include config/*.local matches no file");
    assertThatThrownBy(() -> with(project, false, "{a"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--include {a is no pattern");
  }

  @Test
  void installedPackagesGoAlongAsFilesWithoutTheirCommands() throws IOException {
    Project project =
        project("one")
            .file("node_modules/a/index.js", "//")
            .file("node_modules/a/node_modules/b/index.js", "//")
            .file("node_modules/.cache/x", "x")
            .file("packages/own/index.js", "//")
            .file("packages/own/node_modules/c/index.js", "//");
    Files.createDirectories(project.root().resolve("node_modules/.bin"));
    Files.createSymbolicLink(
        project.root().resolve("node_modules/.bin/a"), Path.of("../a/index.js"));
    Files.createSymbolicLink(
        project.root().resolve("node_modules/own"), Path.of("../packages/own"));

    ProjectTree tree = with(project, true);

    assertThat(tree.entries())
        .containsKeys(
            "node_modules/a/index.js",
            "node_modules/a/node_modules/b/index.js",
            "node_modules/own/index.js")
        .doesNotContainKeys(
            "node_modules/.bin/a", "node_modules/.cache/x", "node_modules/own/node_modules/c");
  }

  @Test
  void packagesThatAreNotThereOrArePnpmsLinksAreTold() throws IOException {
    Project project = project("one");
    assertThatThrownBy(() -> with(project, true))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("run npm ci first");
    project.file("node_modules/.pnpm/a@1/node_modules/a/index.js", "//");
    Files.createSymbolicLink(
        project.root().resolve("node_modules/a"), Path.of(".pnpm/a@1/node_modules/a"));
    assertThatThrownBy(() -> with(project, true))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("node_modules/a is a link of pnpm's");
  }

  @Test
  void longAndForeignNamesSurvive() throws IOException {
    String longName = "d".repeat(90) + "/" + "f".repeat(90) + "/grüße-日本.spec.js";
    Project project = project("one").file(longName, "//");

    assertThat(entries(project.root())).containsKey(longName);
  }

  @Test
  void tooMuchIsToldWithTheLargestFiles() throws IOException {
    Project project = project("one");
    Files.write(project.root().resolve("big.bin"), new byte[2_000_000]);

    assertThatThrownBy(() -> Bundle.pack(ProjectTree.of(project.root()), PLENTY))
        .hasMessageContaining("largest: big.bin 2.0 MB");
  }
}
