package dev.qgjob.simfarm.apk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApkReaderTest {
  @TempDir Path folder;

  @Test
  void readsWhatAPhoneHasToKnow() throws IOException {
    Path file = TestApk.signed(folder.resolve("a.apk"), "org.example", 7, "one", TestApk.key());

    Apk apk = readable(file);

    assertThat(apk.packageName()).isEqualTo("org.example");
    assertThat(apk.versionCode()).isEqualTo(7);
    assertThat(apk.versionName()).isEqualTo("1.7");
    assertThat(apk.label()).isEqualTo("Täst");
    assertThat(apk.minSdk()).isEqualTo(21);
    assertThat(apk.targetSdk()).isEqualTo(34);
    assertThat(apk.mainActivity()).contains("org.example.Main");
    assertThat(apk.permissions()).containsExactly("android.permission.CAMERA");
    assertThat(apk.sha256()).isEqualTo(ApkReader.digest(file, "SHA-256")).hasSize(64);
    assertThat(apk.signer()).hasSize(64);
  }

  @Test
  void theSameKeyGivesTheSameSignerAndAnotherOneDoesNot() throws IOException {
    var key = TestApk.key();
    Apk one = readable(TestApk.signed(folder.resolve("1.apk"), "org.example", 1, "one", key));
    Apk two = readable(TestApk.signed(folder.resolve("2.apk"), "org.example", 1, "two", key));
    Apk other =
        readable(TestApk.signed(folder.resolve("3.apk"), "org.example", 1, "one", TestApk.key()));

    assertThat(two.signer()).isEqualTo(one.signer());
    assertThat(two.sha256()).isNotEqualTo(one.sha256());
    assertThat(other.signer()).isNotEqualTo(one.signer());
  }

  @Test
  void anUnsignedOneIsRefusedAsAPhoneDoes() throws IOException {
    Path file = TestApk.unsigned(folder.resolve("a.apk"), "org.example", 1, "one");

    assertThat(ApkReader.read(file))
        .isInstanceOfSatisfying(
            ApkResult.Refused.class,
            refused ->
                assertThat(refused.code()).isEqualTo("INSTALL_PARSE_FAILED_NO_CERTIFICATES"));
  }

  @Test
  void aTextFileIsNoApk() throws IOException {
    Path file = Files.writeString(folder.resolve("a.apk"), "hello");

    assertThat(ApkReader.read(file))
        .isInstanceOfSatisfying(
            ApkResult.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo("INSTALL_PARSE_FAILED_NOT_APK"));
  }

  @Property
  void aDamagedManifestIsRefusedButNeverACrash(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int changes) {
    byte[] manifest = TestApk.manifest("org.example", 1);
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      manifest[random.nextInt(manifest.length)] = (byte) random.nextInt();
    }
    try {
      BinaryManifest.read(manifest);
    } catch (IllegalArgumentException | ArithmeticException expected) {
      assertThat(expected).isNotNull();
    }
  }

  private static Apk readable(Path file) throws IOException {
    ApkResult result = ApkReader.read(file);
    assertThat(result).isInstanceOf(ApkResult.Read.class);
    return ((ApkResult.Read) result).apk();
  }
}
