package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.submit.SubmissionStore.AppFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an Android package says of itself, without tools of an SDK. Whoever may submit has
 * written it, strangers too, so neither the file nor what is packed in it takes more of the memory
 * that all requests share than is set aside for it here, and one is read at a time.
 */
final class ApkReader {
  /** Bytes of an unpacked manifest; large apps have half a megabyte. */
  static final int LARGEST_MANIFEST = 8 << 20;

  /** Bytes of the zip's list of files, which Java reads whole; large apps have ten megabytes. */
  static final int LARGEST_DIRECTORY = 32 << 20;

  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;

  /** As Android has it; it becomes part of commands on phones. */
  private static final Pattern PACKAGE =
      Pattern.compile("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*");

  private static final Pattern NATIVE_CODE =
      Pattern.compile("lib/(arm64-v8a|armeabi|armeabi-v7a|x86|x86_64|mips|mips64|riscv64)/[^/]+");

  private ApkReader() {}

  /** Empty if the file is no Android package. */
  static synchronized Optional<AppFacts> read(Path file) {
    try {
      if (!hasSmallDirectory(file)) {
        return Optional.empty();
      }
      try (ZipFile zip = new ZipFile(file.toFile())) {
        return manifest(zip).map(BinaryManifest::read).flatMap(m -> facts(m, zip, file));
      }
    } catch (IOException | RuntimeException e) {
      // foreign bytes
      return Optional.empty();
    }
  }

  private static Optional<AppFacts> facts(BinaryManifest manifest, ZipFile zip, Path file) {
    String packageName = manifest.packageName();
    return packageName == null || !PACKAGE.matcher(packageName).matches()
        ? Optional.empty()
        : Optional.of(
            new AppFacts(
                packageName,
                manifest.versionName(),
                file.toFile().length(),
                abis(zip),
                manifest.minSdk(),
                split(manifest)));
  }

  /** The zip's end says how long its list is; of what looks like an end none may say too much. */
  private static boolean hasSmallDirectory(Path file) throws IOException {
    byte[] tail;
    try (RandomAccessFile zip = new RandomAccessFile(file.toFile(), "r")) {
      long size = Files.size(file);
      tail = new byte[(int) Math.min(size, END_BYTES + LONGEST_COMMENT)];
      zip.seek(size - tail.length);
      zip.readFully(tail);
    }
    ByteBuffer end = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    boolean found = false;
    for (int at = 0; at + END_BYTES <= tail.length; at++) {
      if (end.getInt(at) == END) {
        found = true;
        boolean elsewhere = end.getInt(at + 16) == -1 || end.getShort(at + 10) == -1;
        if (elsewhere || Integer.compareUnsigned(end.getInt(at + 12), LARGEST_DIRECTORY) > 0) {
          return false; // elsewhere: in the larger format's own end, which no app needs
        }
      }
    }
    return found;
  }

  private static Optional<byte[]> manifest(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry("AndroidManifest.xml");
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream unpacked = zip.getInputStream(entry)) {
      byte[] bytes = unpacked.readNBytes(LARGEST_MANIFEST + 1);
      return bytes.length > LARGEST_MANIFEST ? Optional.empty() : Optional.of(bytes);
    }
  }

  private static List<String> abis(ZipFile zip) {
    return zip.stream()
        .map(entry -> NATIVE_CODE.matcher(entry.getName()))
        .filter(Matcher::matches)
        .map(entry -> entry.group(1))
        .distinct()
        .sorted()
        .toList();
  }

  /** The base of a split app says only that it needs the other parts. */
  private static @Nullable String split(BinaryManifest manifest) {
    String split = manifest.split();
    return split != null ? split : manifest.splitRequired() ? "base" : null;
  }
}
