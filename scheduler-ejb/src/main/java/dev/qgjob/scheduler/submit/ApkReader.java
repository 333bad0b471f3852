package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.submit.SubmissionStore.AppFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.dongliu.apk.parser.ApkFile;
import net.dongliu.apk.parser.bean.ApkMeta;

/** Reads what an Android package says of itself, without tools of an SDK. */
final class ApkReader {
  private ApkReader() {}

  /**
   * Empty if the file is no Android package. The parser meets foreign bytes: it may throw a lot.
   */
  static Optional<AppFacts> read(Path file) {
    try (ApkFile apk = new ApkFile(file.toFile())) {
      ApkMeta meta = apk.getApkMeta();
      return meta == null || meta.getPackageName() == null || meta.getPackageName().isBlank()
          ? Optional.empty()
          : Optional.of(
              new AppFacts(meta.getPackageName(), meta.getVersionName(), Files.size(file)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
