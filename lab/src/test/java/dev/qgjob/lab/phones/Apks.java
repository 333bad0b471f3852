package dev.qgjob.lab.phones;

import dev.qgjob.lab.stack.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipFile;

/** Other apps made of the example's builds, signed with the same key. */
final class Apks {
  /** Attributes of a manifest, as {@code android.R.attr} numbers them. */
  static final int MIN_SDK = 0x0101020c;

  static final int VERSION_CODE = 0x0101021b;
  static final int DEBUGGABLE = 0x0101000f;

  private static final String MANIFEST = "AndroidManifest.xml";
  private static final int RESOURCE_MAP = 0x0180;
  private static final int POOL = 8;

  private Apks() {}

  /** With this entry, new or in place of the one that is there; in an empty folder. */
  static Path with(Path apk, String entry, byte[] content, Path work) throws IOException {
    Path file = work.resolve(entry);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, content);
    Files.copy(apk, work.resolve("app.apk"));
    Command.run(work, Map.of(), List.of("jar", "-uf0", "app.apk", entry), 60).expectSuccess();
    Path keys = Objects.requireNonNull(apk.getParent()).resolve("debug.keystore");
    Path to = work.resolve("signed.apk");
    Command.run(
            work,
            Map.of(),
            List.of(
                "apksigner",
                "sign",
                "--min-sdk-version",
                "24",
                "--ks",
                keys.toString(),
                "--ks-pass",
                "pass:android",
                "--key-pass",
                "pass:android",
                "--ks-key-alias",
                "debug",
                "--out",
                to.toString(),
                "app.apk"),
            120)
        .expectSuccess();
    return to;
  }

  /**
   * With these numbers in the manifest, by attribute; the manifest has them already. In an empty
   * folder.
   */
  static Path declaring(Path apk, Map<Integer, Integer> numbers, Path work) throws IOException {
    ByteBuffer manifest = ByteBuffer.wrap(manifest(apk)).order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<Integer, Integer> number : numbers.entrySet()) {
      set(manifest, number.getKey(), number.getValue());
    }
    return with(apk, MANIFEST, manifest.array(), work);
  }

  private static byte[] manifest(Path apk) throws IOException {
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      return zip.getInputStream(zip.getEntry(MANIFEST)).readAllBytes();
    }
  }

  /** An attribute's name is its place in the resource map, behind the pool of strings. */
  private static void set(ByteBuffer manifest, int attribute, int value) {
    int map = POOL + manifest.getInt(POOL + 4);
    if (manifest.getShort(map) != RESOURCE_MAP) {
      throw new IllegalStateException("no resource map behind the strings");
    }
    int ids = (manifest.getInt(map + 4) - 8) / 4;
    int name = 0;
    while (manifest.getInt(map + 8 + 4 * name) != attribute) {
      if (++name == ids) {
        throw new IllegalStateException("no attribute " + Integer.toHexString(attribute));
      }
    }
    boolean found = false;
    // an attribute: namespace, name, raw value, size 8 and type of the value, value
    for (int at = map + manifest.getInt(map + 4); at + 20 <= manifest.limit(); at += 4) {
      boolean number = manifest.getShort(at + 12) == 8 && manifest.get(at + 15) >= 0x10;
      if (number && manifest.getInt(at + 4) == name && manifest.getInt(at + 8) == -1) {
        manifest.putInt(at + 16, value);
        found = true;
      }
    }
    if (!found) {
      throw new IllegalStateException("no number in attribute " + Integer.toHexString(attribute));
    }
  }

  /** All entries are marked as encrypted, as in an archive with a password. */
  static Path encrypted(Path apk, Path work) throws IOException {
    ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(apk)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 10 < zip.limit(); at++) {
      int signature = zip.getInt(at);
      if (signature == 0x04034b50) {
        zip.putShort(at + 6, (short) (zip.getShort(at + 6) | 1));
      } else if (signature == 0x02014b50) {
        zip.putShort(at + 8, (short) (zip.getShort(at + 8) | 1));
      }
    }
    return Files.write(work.resolve("app.apk"), zip.array());
  }
}
