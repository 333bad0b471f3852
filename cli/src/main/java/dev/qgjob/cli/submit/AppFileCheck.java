package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Is this an Android app? Asked before anything is sent. */
final class AppFileCheck {
  private AppFileCheck() {}

  /**
   * @param source how the file was named, for the message
   */
  static Path readable(Path file, String source) {
    if (!Files.isRegularFile(file)) {
      throw Failure.usage(source + " " + file + " does not exist or is not a file");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.getEntry("AndroidManifest.xml") == null) {
        throw Failure.usage(source + " " + file + " is not an APK: it has no AndroidManifest.xml");
      }
      return file;
    } catch (IOException e) {
      throw Failure.usage(
          source + " " + file + " is not a readable APK (" + e.getMessage() + "); build it again");
    }
  }
}
