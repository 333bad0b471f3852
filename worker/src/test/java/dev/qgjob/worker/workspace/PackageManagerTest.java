package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageManagerTest {
  @TempDir Path folder;

  private PackageManager of(String manifest) throws IOException {
    return PackageManager.of(folder, new ObjectMapper().readTree(manifest));
  }

  @ParameterizedTest
  @CsvSource({
    "package-lock.json, {}, npm",
    "npm-shrinkwrap.json, {}, npm",
    "pnpm-lock.yaml, lockfileVersion: '9.0', pnpm 9",
    "pnpm-lock.yaml, lockfileVersion: '6.0', pnpm 8",
    "pnpm-lock.yaml, lockfileVersion: 5.4, pnpm 7",
    "yarn.lock, # yarn lockfile v1, yarn 1.22.22",
  })
  void theLockfileTellsWhoWroteIt(String lockfile, String text, String name) throws IOException {
    Files.writeString(folder.resolve(lockfile), text + "\n");

    PackageManager manager = of("{}");

    assertThat(manager.name()).isEqualTo(name);
    assertThat(manager.lockfile()).isEqualTo(lockfile);
    assertThat(manager.command("npm")).contains("--ignore-scripts");
  }

  @ParameterizedTest
  @CsvSource({"6, yarn 3", "8, yarn 4"})
  void yarnTellsByItsMetadata(String version, String name) throws IOException {
    Files.writeString(
        folder.resolve("yarn.lock"), "# x\n\n__metadata:\n  version: " + version + "\n");

    PackageManager manager = of("{}");

    assertThat(manager.name()).isEqualTo(name);
    assertThat(manager.command("npm")).contains("exec", "--immutable", "--mode=skip-build");
    assertThat(manager.settings()).containsEntry("YARN_NODE_LINKER", "node-modules");
  }

  @Test
  void theManifestsWordGoesBeforeTheLockfile() throws IOException {
    Files.writeString(folder.resolve("package-lock.json"), "{}");
    Files.writeString(folder.resolve("pnpm-lock.yaml"), "lockfileVersion: '9.0'\n");

    assertThat(of("{\"packageManager\":\"pnpm@10.1.0+sha512.abc\"}").command("npm"))
        .contains("--package=pnpm@10.1.0", "--frozen-lockfile");
    assertThat(of("{\"packageManager\":\"npm@10.8.2\"}").command("npm")).startsWith("npm", "ci");
    assertThat(of("{\"packageManager\":\"yarn@4.9.1\"}").command("npm"))
        .as("yarn's lockfile is missing")
        .contains("--package=@yarnpkg/cli-dist@4.9.1", "--no-immutable");
    assertThat(of("{\"packageManager\":\"; rm -rf /\"}").name())
        .as("what is no package manager does not count")
        .isEqualTo("npm");
  }

  @Test
  void withoutALockfileNpmInstallsWhatTheManifestAllows() throws IOException {
    assertThat(of("{}").command("/opt/npm")).startsWith("/opt/npm", "install");
  }
}
