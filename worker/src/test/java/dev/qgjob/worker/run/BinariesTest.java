package dev.qgjob.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BinariesTest {
  private static Binary file(String name, String packageName, String... abis) {
    return new Binary(new App("a".repeat(64), name, packageName), List.of(abis));
  }

  private static final Binary ARM = file("arm.apk", "org.x", "arm64-v8a", "armeabi-v7a");
  private static final Binary X86 = file("x86.apk", "org.x", "x86_64");
  private static final Binary ANY = file("any.apk", "org.x");

  private static String chosen(List<Binary> apps, String... abis) {
    return Binaries.of(apps, "org.x").appFor(List.of(abis)).map(App::fileName).orElse("none");
  }

  @Test
  void thePhonesFirstChoiceIsTaken() {
    assertThat(chosen(List.of(ARM, X86), "x86_64", "arm64-v8a")).isEqualTo("x86.apk");
    assertThat(chosen(List.of(ARM, X86), "arm64-v8a", "armeabi-v7a")).isEqualTo("arm.apk");
    assertThat(chosen(List.of(ARM), "x86_64", "arm64-v8a")).isEqualTo("arm.apk");
  }

  @Test
  void oneWithoutNativeCodeFitsAll() {
    assertThat(chosen(List.of(ANY, ARM), "x86")).isEqualTo("any.apk");
    assertThat(chosen(List.of(ANY, ARM), "arm64-v8a")).isEqualTo("arm.apk");
    assertThat(Binaries.of(List.of(ANY), "org.x").dependOnThePhone()).isFalse();
  }

  @Test
  void whereNoneFitsItIsSaidWhatThereIs() {
    assertThat(chosen(List.of(ARM), "x86")).isEqualTo("none");
    assertThat(Binaries.of(List.of(ARM), "org.x").noneFor(List.of("x86")))
        .isEqualTo("no binary of the build for ABI x86; it has arm64-v8a, armeabi-v7a");
  }

  @Test
  void filesOfOtherPackagesAreCompanions() {
    Binary mock = file("mock.apk", "org.mock", "x86");
    Binaries binaries = Binaries.of(List.of(ARM, mock), "org.x");
    assertThat(binaries.apps()).containsExactly(ARM);
    assertThat(binaries.companions()).containsExactly(mock);
  }
}
