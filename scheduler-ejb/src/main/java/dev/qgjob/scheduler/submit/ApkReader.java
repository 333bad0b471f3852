package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.submit.SubmissionStore.AppFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import net.dongliu.apk.parser.ApkFile;
import net.dongliu.apk.parser.bean.ApkMeta;
import org.jspecify.annotations.Nullable;

/** Reads what an Android package says of itself, without tools of an SDK. */
final class ApkReader {
  private static final Pattern NATIVE_CODE =
      Pattern.compile("lib/(arm64-v8a|armeabi|armeabi-v7a|x86|x86_64|mips|mips64|riscv64)/[^/]+");

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
              new AppFacts(
                  meta.getPackageName(),
                  meta.getVersionName(),
                  Files.size(file),
                  abis(file),
                  minSdk(meta),
                  split(meta)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static List<String> abis(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream()
          .map(entry -> NATIVE_CODE.matcher(entry.getName()))
          .filter(Matcher::matches)
          .map(entry -> entry.group(1))
          .distinct()
          .sorted()
          .toList();
    }
  }

  /** One that is not a number is the name of an Android that was not out yet: any may do. */
  private static int minSdk(ApkMeta meta) {
    String named = meta.getMinSdkVersion();
    return named != null && named.matches("[0-9]{1,4}") ? Integer.parseInt(named) : 0;
  }

  /** The base of a split app says only that it needs the other parts. */
  private static @Nullable String split(ApkMeta meta) {
    String split = meta.getSplit();
    return split != null && !split.isBlank() ? split : meta.isSplitRequired() ? "base" : null;
  }
}
