package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Assignments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  private static final byte[] BYTES = "an app".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path state;
  @TempDir private Path runs;
  private final Map<String, byte[]> blobs = new HashMap<>();
  private final AtomicInteger fetched = new AtomicInteger();
  private Workspace workspace;

  @BeforeEach
  void open() throws IOException {
    workspace =
        new Workspace(
            state,
            (sha, destination) -> {
              fetched.incrementAndGet();
              Files.write(destination, blobs.get(sha));
            },
            new Npm(
                new Children("node", state), "npm", state, System.getenv(), Duration.ofMinutes(1)));
  }

  private String blob(byte[] bytes) throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    blobs.put(sha256, bytes);
    return sha256;
  }

  private Path app(String name) throws Exception {
    try (Uses uses = new Uses()) {
      return workspace.app(new App(blob(BYTES), name, "dev.example"), uses);
    }
  }

  /**
   * Two versions, or two orgs, may submit the same build, each as what its file is called there.
   */
  @Test
  void theSameAppUnderTwoNamesIsFetchedOnceAndFoundTwice() throws Exception {
    Path one = app("app-debug.apk");
    Path two = app("app-46.apk");
    assertThat(one).isEqualTo(two).hasBinaryContent(BYTES);
    assertThat(one.toString()).endsWith(".apk");
    assertThat(fetched).hasValue(1);
  }

  @Test
  void anAppThatSomebodyWroteToIsFetchedAgain() throws Exception {
    Path app = app("app.apk");
    assertThat(Files.getPosixFilePermissions(app)).doesNotContain(PosixFilePermission.OWNER_WRITE);
    overwrite(app, "an bpp"); // as long as it was
    assertThat(app("app.apk")).isEqualTo(app).hasBinaryContent(BYTES);
    Files.delete(app);
    assertThat(app("app.apk")).hasBinaryContent(BYTES);
    Files.delete(app);
    Files.createSymbolicLink(app, Files.write(runs.resolve("elsewhere"), BYTES));
    assertThat(app("app.apk").toRealPath()).isEqualTo(app).hasBinaryContent(BYTES);
    assertThat(fetched).hasValue(4);
    assertThat(app("app.apk")).isEqualTo(app);
    assertThat(fetched).as("intact").hasValue(4);
  }

  private static void overwrite(Path file, String text) throws IOException {
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.writeString(file, text);
  }

  private static final Map<String, String> PROJECT =
      Map.of(
          "package.json", "{}",
          "appwright.config.js", "module.exports = {};",
          "tests/a.spec.js", "// a spec",
          "node_modules/@playwright/test/cli.js", "// as if");

  private Path project(String run) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (String name : PROJECT.keySet().stream().sorted().toList()) {
        byte[] content = PROJECT.get(name).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setModTime(0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    Assignment assignment =
        Assignments.of(
            "job-1",
            "tests/a.spec.js",
            "emulator",
            blob(bytes.toByteArray()),
            new App(blob(BYTES), "app.apk", "dev.example"),
            Target.EMULATOR);
    try (Uses uses = new Uses()) {
      return workspace.project(assignment, runs.resolve(run), uses).folder();
    }
  }

  private Path cached(String name) throws IOException {
    try (var files = Files.walk(state.resolve("cache/bundles"))) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  @Test
  void aBundleThatSomebodyWroteToIsUnpackedAgain() throws Exception {
    assertThat(project("1").resolve("tests/a.spec.js")).hasContent("// a spec");
    project("2");
    assertThat(fetched).as("kept").hasValue(1);
    overwrite(cached("tests/a.spec.js"), "// b spec");
    assertThat(project("3").resolve("tests/a.spec.js")).hasContent("// a spec");
    Files.writeString(cached("tests").resolve("b.spec.js"), "// one more");
    assertThat(project("4").resolve("tests/b.spec.js")).doesNotExist();
    Files.delete(cached("package.json"));
    assertThat(project("5").resolve("package.json")).exists();
    assertThat(fetched).hasValue(4);
  }

  @Test
  void aRunMayWriteToItsOwnCopy() throws Exception {
    Path spec = project("1").resolve("tests/a.spec.js");
    assertThat(Files.getPosixFilePermissions(spec)).contains(PosixFilePermission.OWNER_WRITE);
    Files.writeString(spec, "changed");
    assertThat(project("2").resolve("tests/a.spec.js")).hasContent("// a spec");
    assertThat(fetched).hasValue(1);
  }
}
