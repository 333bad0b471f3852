package dev.qgjob.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What is handed out, unpacked elsewhere and started as a stranger would. */
class PackagesIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir Path folder;

  private record Ended(int code, String said) {}

  private Ended run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("QGJOB_"));
    java.lang.Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  private static Path made(String ending) throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().matches("qgjob-.*" + ending)).toList();
      assertThat(found).as("target/qgjob-*%s", ending).hasSize(1);
      return found.get(0);
    }
  }

  private void works(Path home) throws IOException, InterruptedException {
    Path qgjob = home.resolve("bin/qgjob");
    assertThat(home.resolve("lib/qgjob.jsa")).as("is for one place only").doesNotExist();
    Ended version = run(qgjob.toString(), "--version");
    assertThat(version.said()).startsWith("qgjob ");
    assertThat(version.code()).isZero();
    assertThat(run(home.resolve("bin/qgjob-archive").toString()).code()).isZero();
    assertThat(home.resolve("lib/qgjob.jsa")).isNotEmptyFile();
    Ended without = run(qgjob.toString(), "status", "--job-id=j1");
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.said()).contains("--server", "qgjob login").hasLineCount(1);
  }

  @Test
  void theTarGzRunsWhereItIsUnpacked() throws Exception {
    assertThat(run("tar", "-xzf", made("\\.tar\\.gz").toString()).code()).isZero();
    Path home = folder.resolve(made("\\.tar\\.gz").getFileName().toString().replace(".tar.gz", ""));
    works(home);
    assertThat(home.resolve("LICENSE")).exists();
    assertThat(home.resolve("docs/cli.md")).exists();
  }

  @Test
  void theZipHasTheSameFiles() throws Exception {
    Ended listed = run(java(), "--list", "--file", made("\\.zip").toString());
    assertThat(listed.code()).isZero();
    assertThat(listed.said())
        .contains("/bin/qgjob\n", "/lib/cli-", "/share/man/man1/qgjob-run.1")
        .doesNotContain("qgjob.jsa");
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "jar").toString();
  }

  @Test
  void everyCommandHasAManPage() throws Exception {
    Path pages = TARGET.resolve("dist/share/man/man1");
    assertThat(pages.resolve("qgjob-admin-token-create.1")).exists();
    assertThat(Files.readString(pages.resolve("qgjob-run.1")).toLowerCase(Locale.ROOT))
        .contains(".th \"qgjob\\-run\"", "with\\-node\\-modules");
  }

  static boolean onDebian() {
    return Files.isExecutable(Path.of("/usr/bin/dpkg-deb"));
  }

  @Test
  @EnabledIf("onDebian")
  void theDebianPackageHoldsItAndItsManPages() throws Exception {
    String deb = made("\\.deb").toString();
    Ended facts = run("dpkg-deb", "--info", deb);
    assertThat(facts.said()).contains("Package: qgjob", "java17-runtime-headless", "postinst");
    assertThat(run("dpkg-deb", "--extract", deb, folder.toString()).code()).isZero();
    works(folder.resolve("usr/share/qgjob"));
    Ended linked = run(folder.resolve("usr/bin/qgjob").toString(), "--version");
    assertThat(linked.said()).startsWith("qgjob ");
    assertThat(folder.resolve("usr/share/man/man1/qgjob-run.1")).exists();
    assertThat(folder.resolve("usr/share/doc/qgjob/copyright")).exists();
  }
}
