package dev.qgjob.simfarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationConverterTest {
  private final DurationConverter converter = new DurationConverter();

  @Test
  void readsWhatPeopleWrite() {
    assertThat(converter.convert("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(converter.convert("4s")).isEqualTo(Duration.ofSeconds(4));
    assertThat(converter.convert("1.5s")).isEqualTo(Duration.ofMillis(1500));
    assertThat(converter.convert("2m")).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void refusesTheRestWithAnExample() {
    assertThatThrownBy(() -> converter.convert("4")).hasMessageContaining("like 500ms");
    assertThatThrownBy(() -> converter.convert("-1s")).hasMessageContaining("no duration");
  }
}
