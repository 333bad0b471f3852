package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecPatternTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/w/tests/onboarding.spec.js",
        "/w/tests/a+b (c)/x.spec.ts",
        "/w/[id]/{a}|b^$.spec.js",
        "/w/name:12.spec.js",
        "/w/a*b?.spec.js"
      })
  void meansThatFile(String path) {
    assertThat(Pattern.compile(SpecPattern.of(Path.of(path))).matcher(path).find()).isTrue();
  }

  @Test
  void meansNoOtherFile() {
    Pattern pattern = Pattern.compile(SpecPattern.of(Path.of("/w/tests/a.spec.js")));

    assertThat(pattern.matcher("/w/tests/a.spec.jsx").find()).isFalse();
    assertThat(pattern.matcher("/w/tests/aXspec.js").find()).isFalse();
    assertThat(pattern.matcher("/v/w/tests/a.spec.js").find()).isFalse();
  }

  @Test
  void isNoLineNumberAndNoOption() {
    String pattern = SpecPattern.of(Path.of("/w/a:12"));

    assertThat(pattern).doesNotContainPattern(":\\d+$").doesNotStartWith("-");
  }
}
