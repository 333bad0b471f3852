package dev.qgjob.domain.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Sha256;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BuildSetTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);

  @Test
  void aSingleFileIsItsOwnBuild() {
    assertThat(BuildSet.sha256(List.of(A), List.of())).isEqualTo(A);
  }

  /** Kept in databases, and compared with what phones hold: it must never change. */
  @Test
  void ofSeveralItIsTheDigestOfTheirSortedList() {
    String list = "app " + A + "\napp " + B + "\ncompanion " + C + "\n";
    assertThat(BuildSet.sha256(List.of(B, A), List.of(C)))
        .isEqualTo(Sha256.hex(list))
        .isEqualTo("06ff456bc7bab5c6ff91fd6b98089be1cc8b5fb3dde54fa332e95ab111889493");
  }

  @Test
  void aCompanionIsNotAnotherAbi() {
    assertThat(BuildSet.sha256(List.of(A), List.of(B)))
        .isNotEqualTo(BuildSet.sha256(List.of(A, B), List.of()))
        .isNotEqualTo(A);
  }

  private static Binary file(String name, String packageName, String... abis) {
    return new Binary(A, name, 1, packageName, List.of(abis));
  }

  @Test
  void anAppHasOneFileForEachAbi() {
    Binary arm = file("arm.apk", "org.x", "arm64-v8a", "armeabi-v7a");
    assertThat(BuildSet.clash(List.of(arm, file("x86.apk", "org.x", "x86_64")))).isEmpty();
    assertThat(BuildSet.clash(List.of(arm, file("all.apk", "org.x")))).isEmpty();
    assertThat(BuildSet.clash(List.of(arm, file("old.apk", "org.x", "armeabi-v7a"))))
        .contains("has two files for ABI armeabi-v7a: arm.apk and old.apk");
    assertThat(BuildSet.clash(List.of(file("a.apk", "org.x"), file("b.apk", "org.x"))))
        .contains("has two files without native code: a.apk and b.apk");
    assertThat(BuildSet.clash(List.of(arm, file("y.apk", "org.y", "x86"))))
        .contains("has y.apk of package org.y beside arm.apk of package org.x");
  }

  @Test
  void companionsAreOfPackagesOfTheirOwn() {
    assertThat(BuildSet.clash("org.x", List.of(file("a.apk", "org.a"), file("b.apk", "org.b"))))
        .isEmpty();
    assertThat(BuildSet.clash("org.x", List.of(file("x.apk", "org.x"))))
        .contains("has x.apk of the app's own package");
    assertThat(BuildSet.clash("org.x", List.of(file("a.apk", "org.a"), file("b.apk", "org.a"))))
        .contains("has two files of package org.a: a.apk and b.apk");
  }
}
