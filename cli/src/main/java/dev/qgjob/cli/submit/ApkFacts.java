package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import net.dongliu.apk.parser.ApkFile;
import net.dongliu.apk.parser.bean.ApkMeta;

/**
 * What an app's file says of itself.
 *
 * @param file its name, for messages
 * @param abis that its native code is for; empty: it has none
 */
record ApkFacts(String file, String packageName, List<String> abis) {
  private static final Pattern NATIVE_CODE =
      Pattern.compile("lib/(arm64-v8a|armeabi|armeabi-v7a|x86|x86_64|mips|mips64|riscv64)/[^/]+");

  /**
   * @param source how the file was named, for the message
   */
  static ApkFacts of(Path file, String source) {
    try (ApkFile apk = new ApkFile(file.toFile())) {
      ApkMeta meta = apk.getApkMeta();
      if (meta == null || meta.getPackageName() == null || meta.getPackageName().isBlank()) {
        throw unreadable(file, source, "its manifest names no package");
      }
      String split = meta.getSplit();
      if ((split != null && !split.isBlank()) || meta.isSplitRequired()) {
        throw Failure.usage(
            source
                + " "
                + file
                + " is one part of a split app: give one universal .apk (bundletool build-apks"
                + " --mode universal)");
      }
      return new ApkFacts(String.valueOf(file.getFileName()), meta.getPackageName(), abis(file));
    } catch (Failure e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // the parser meets foreign bytes: it may throw a lot
      throw unreadable(file, source, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static Failure unreadable(Path file, String source, String why) {
    return Failure.usage(
        source + " " + file + " is not a readable APK (" + why + "); build it again");
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
}
