package dev.qgjob.scheduler.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.submit.SubmissionStore.AppFacts;
import dev.qgjob.protocol.testing.Apk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApkReaderTest {
  private static final String MANIFEST = "AndroidManifest.xml";

  /** Chunk header of the file, then the pool's own. */
  private static final int STRING_COUNT = 8 + 8;

  @TempDir private Path folder;

  @Test
  void readsPackageVersionAndNativeCode() throws IOException {
    byte[] apk = Apk.of("com.acme.shop", "2.1", "x86_64", "arm64-v8a");
    assertThat(read(apk))
        .contains(
            new AppFacts(
                "com.acme.shop", "2.1", apk.length, List.of("arm64-v8a", "x86_64"), 0, null));
  }

  @Test
  void aManifestThatNamesMoreStringsThanItHasSetsNoMemoryAsideForThem() throws IOException {
    byte[] manifest = manifest();
    ByteBuffer.wrap(manifest).order(ByteOrder.LITTLE_ENDIAN).putInt(STRING_COUNT, 0x7fff_fff0);
    assertThat(read(zip(manifest)).map(AppFacts::packageName)).contains("com.acme.shop");
  }

  @Test
  void aManifestThatUnpacksToMoreThanItsShareOfTheMemoryIsNone() throws IOException {
    byte[] manifest = manifest();
    byte[] most = Arrays.copyOf(manifest, ApkReader.LARGEST_MANIFEST);
    assertThat(read(zip(most))).isPresent();
    assertThat(read(zip(Arrays.copyOf(manifest, ApkReader.LARGEST_MANIFEST + 1)))).isEmpty();
  }

  @Test
  void aZipWhoseListOfFilesIsLargerThanAnyAppsIsNotRead() throws IOException {
    Path file = folder.resolve("listed.apk");
    String comment = "c".repeat(65_000);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, manifest());
      for (int i = 0; i <= ApkReader.LARGEST_DIRECTORY / comment.length(); i++) {
        ZipEntry entry = new ZipEntry("assets/" + i);
        entry.setComment(comment);
        zip.putNextEntry(entry);
        zip.closeEntry();
      }
    }
    assertThat(ApkReader.read(file)).isEmpty();
  }

  @Test
  void aPackageThatAndroidWouldNotInstallReachesNoPhone() throws IOException {
    assertThat(read(Apk.of("com.acme;reboot", "1.0"))).isEmpty();
    assertThat(read(Apk.of("com.acme $(id)", "1.0"))).isEmpty();
    assertThat(read(Apk.of("a".repeat(256), "1.0"))).isEmpty();
  }

  @Test
  void aVersionThatTheDatabaseDoesNotHoldIsLeftOut() throws IOException {
    assertThat(read(Apk.of("com.acme.shop", "9".repeat(256))))
        .hasValueSatisfying(facts -> assertThat(facts.versionName()).isNull());
  }

  @Test
  void whatIsNoPackageIsNone() throws IOException {
    assertThat(read("nothing".getBytes(java.nio.charset.StandardCharsets.UTF_8))).isEmpty();
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read(zip(new byte[] {3, 0, 8, 0, 127, 127, 127, 127, 1, 0}))).isEmpty();
    byte[] manifest = manifest();
    for (int i = 0; i < manifest.length; i++) {
      byte[] changed = manifest.clone();
      changed[i] ^= (byte) 0xff;
      read(zip(changed)); // whatever it is, it is an answer
    }
  }

  private Optional<AppFacts> read(byte[] apk) throws IOException {
    return ApkReader.read(Files.write(folder.resolve("app.apk"), apk));
  }

  private static byte[] manifest() throws IOException {
    byte[] apk = Apk.of("com.acme.shop", "2.1");
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(apk))) {
      zip.getNextEntry();
      return zip.readAllBytes();
    }
  }

  private static byte[] zip(byte[] manifest) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, manifest);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, byte[] manifest) throws IOException {
    zip.putNextEntry(new ZipEntry(MANIFEST));
    zip.write(manifest);
    zip.closeEntry();
  }
}
