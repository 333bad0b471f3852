package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  private static final byte[] BYTES = "an app".getBytes(StandardCharsets.UTF_8);

  @TempDir Path state;
  private final AtomicInteger fetched = new AtomicInteger();

  /**
   * Two versions, or two orgs, may submit the same build, each as what its file is called there.
   */
  @Test
  void theSameAppUnderTwoNamesIsFetchedOnceAndFoundTwice() throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BYTES));
    Workspace workspace =
        new Workspace(
            state,
            (sha, destination) -> {
              fetched.incrementAndGet();
              Files.write(destination, BYTES);
            },
            new Npm(
                new Children("node", state), "npm", state, System.getenv(), Duration.ofMinutes(1)));
    try (Uses uses = new Uses()) {
      Path one = workspace.app(new App(sha256, "app-debug.apk", "dev.example"), uses);
      Path two = workspace.app(new App(sha256, "app-46.apk", "dev.example"), uses);
      assertThat(one).isEqualTo(two).hasBinaryContent(BYTES);
      assertThat(one.toString()).endsWith(".apk");
      assertThat(fetched).hasValue(1);
    }
  }
}
