package dev.qgjob.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "tests/*.spec.js tests/a.spec.js true",
        "tests/*.spec.js tests/deep/a.spec.js false",
        "tests/**/*.spec.js tests/a.spec.js true",
        "tests/**/*.spec.js tests/deep/er/a.spec.js true",
        "tests/**/*.spec.js other/a.spec.js false",
        "**/*.spec.js a.spec.js true",
        "** a/b/c true",
        "tests/** tests/a/b true",
        "tests/?.js tests/a.js true",
        "tests/?.js tests/ab.js false",
        "tests/?.js tests//.js false",
        "tests/[ab].js tests/b.js true",
        "tests/[!ab].js tests/b.js false",
        "tests/[!ab].js tests/c.js true",
        "tests/[a-c].js tests/b.js true",
        "tests/{a,b*}.js tests/bcd.js true",
        "tests/{a,b*}.js tests/c.js false",
        "tests/a.js tests/aXjs false",
        "tests/(a)+.js tests/(a)+.js true",
      })
  void matches(String glob, String path, boolean expected) {
    assertThat(Glob.compile(glob).matcher(path).matches()).isEqualTo(expected);
  }

  @Test
  void whatIsNotClosedIsNoPattern() {
    assertThatThrownBy(() -> Glob.compile("[a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Glob.compile("{a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Glob.compile("[z-a]")).isInstanceOf(IllegalArgumentException.class);
  }
}
