package dev.qgjob.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.Health;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.AppVersionView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a brief client reads is what any other reads. */
class RecordsTest {
  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("JobView", JobView.class),
        Arguments.of("JobView.queued", JobView.class),
        Arguments.of("RunView", RunView.class),
        Arguments.of("RunList", RunList.class),
        Arguments.of("SlotList", SlotList.class),
        Arguments.of("AppVersionView", AppVersionView.class),
        Arguments.of("Health", Health.class),
        Arguments.of("Identity", Identity.class),
        Arguments.of("Identity.admin", Identity.class));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = RecordsTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void readsTheSameAsTheOtherReader(String name, Class<?> type) throws Exception {
    assertThat(Records.read(golden(name), type))
        .isEqualTo(Json.mapper().readValue(golden(name), type));
  }

  /**
   * Every answer cut short at every place, and with every byte damaged: refused or read, never
   * stuck.
   */
  @ParameterizedTest
  @MethodSource("answers")
  void refusesWhatIsNoSuchRecordAsTheOtherReaderDoes(String name, Class<?> type) throws Exception {
    byte[] json = golden(name);
    for (int end = 0; end < json.length - 2; end++) {
      byte[] part = java.util.Arrays.copyOf(json, end);
      assertThatThrownBy(() -> Records.read(part, type)).isInstanceOf(IOException.class);
    }
  }

  private static <T> T read(String json, Class<T> type) throws IOException {
    return Records.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  @Test
  void whatANewerServerAddsIsPassedOver() throws Exception {
    assertThat(
            read(
                "{\"new\":{\"a\":[1,{\"b\":2}]},\"live\":true,\"version\":\"9\",\"newer\":null}",
                Health.class))
        .isEqualTo(new Health(true, false, "9", Map.of()));
  }

  @Test
  void otherFormsAreRefused() {
    for (String json :
        new String[] {
          "",
          "null",
          "[]",
          "7",
          "\"x\"",
          "{",
          "<html>",
          "{\"live\":\"yes\"}",
          "{\"live\":[]}",
          "{\"checks\":[]}",
          "{\"checks\":{\"a\":null}}",
          "{\"version\":{}}",
          "{} {}"
        }) {
      assertThatThrownBy(() -> read(json, Health.class)).as(json).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> read("{\"state\":\"unheard-of\"}", JobView.class))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("{\"created_at\":\"yesterday\"}", JobView.class))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("{\"attempt\":99999999999}", JobView.class))
        .isInstanceOf(IOException.class);
  }
}
