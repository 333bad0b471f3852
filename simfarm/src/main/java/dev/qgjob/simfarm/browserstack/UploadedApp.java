package dev.qgjob.simfarm.browserstack;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * An app that was uploaded.
 *
 * @param id SHA-1 of the file, lower-case hex
 * @param sha256 of the file, lower-case hex
 * @param packageName as its manifest says
 */
record UploadedApp(
    String id,
    String sha256,
    String packageName,
    String versionName,
    Optional<String> customId,
    Path file,
    Instant uploadedAt) {

  /** How capabilities name the app. */
  String url() {
    return "bs://" + id;
  }
}
