package dev.qgjob.lab.bench;

import dev.qgjob.lab.stack.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.io.FileUtils;

/**
 * A copy of the example's project with short specs instead of its own: each opens one entry of the
 * app's list and looks at what it shows. It lies outside of any repository, as a submitter's does.
 */
final class ShortSpecs implements AutoCloseable {
  private static final List<List<String>> ENTRIES =
      List.of(List.of("Views", "Buttons"), List.of("App", "Alert Dialogs"));

  private final Path folder;
  private final int count;
  private final Duration each;

  ShortSpecs(Distribution distribution, int count) throws IOException {
    this(distribution, count, Duration.ZERO);
  }

  /**
   * @param each how long a spec waits before it is done
   */
  ShortSpecs(Distribution distribution, int count, Duration each) throws IOException {
    this.folder = Files.createTempDirectory("qgjob-bench").toRealPath();
    this.count = count;
    this.each = each;
    Files.createDirectories(folder.resolve("tests"));
    for (String name :
        List.of("package.json", "package-lock.json", "appwright.config.js", ".npmrc")) {
      Path from = distribution.example().resolve(name);
      if (Files.exists(from)) {
        Files.copy(from, folder.resolve(name));
      }
    }
    // the same packages by the same lockfile
    Files.createSymbolicLink(
        folder.resolve("node_modules"), distribution.example().resolve("node_modules"));
    for (int i = 1; i <= count; i++) {
      List<String> entry = ENTRIES.get(i % ENTRIES.size());
      Files.writeString(folder.resolve(name(i)), source(entry.get(0), entry.get(1), each));
    }
  }

  private static String source(String entry, String shown, Duration each) {
    return """
    const { test, expect } = require('appwright');
    test('%s opens', async ({ device }) => {
      await device.getByText('%s', { exact: true }).tap();
      await expect(device.getByText('%s', { exact: true })).toBeVisible();
      await new Promise((done) => setTimeout(done, %d));
    });
    """
        .formatted(entry, entry, shown, each.toMillis());
  }

  /** The path of a spec within the project; from 1. */
  static String name(int number) {
    return "tests/short-%02d.spec.js".formatted(number);
  }

  Path folder() {
    return folder;
  }

  Duration each() {
    return each;
  }

  int count() {
    return count;
  }

  @Override
  public void close() throws IOException {
    FileUtils.deleteDirectory(folder.toFile());
  }
}
