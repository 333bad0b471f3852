package dev.qgjob.worker.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsFileTest {
  @TempDir private Path folder;

  private SlotsFile read(String text) throws IOException {
    return SlotsFile.read(Files.writeString(folder.resolve("slots.json"), text));
  }

  @Test
  void aFileListsWatchedAndFixedSlots() throws IOException {
    SlotsFile file =
        read(
            """
            [
              {"target": "device", "udid": "R58M", "capabilities": {"shelf": "2"}},
              {"target": "emulator", "udid": "emulator-5554", "watch": false}
            ]
            """);
    assertThat(file.watched())
        .containsExactly(new Found(Target.DEVICE, "R58M", Map.of("shelf", "2")));
    assertThat(file.fixed()).containsExactly(new Found(Target.EMULATOR, "emulator-5554", Map.of()));
    assertThat(file.fixed().get(0).slotId("shelf")).isEqualTo("shelf:emulator:emulator-5554");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{'udid': 'a'}]                                                   | entry 1: target is missing
          [{'target': 'device'}]                                            | entry 1: udid is missing
          [{'target': 'device', 'udid': '-s'}]                              | '-s' is not a udid
          [{'target': 'browserstack', 'udid': '1'}]                         | --browserstack-parallels
          [{'target': 'device','udid': 'a'},{'target':'device','udid':'a'}] | entry 2: udid 'a' is listed twice
          [{'target': 'device', 'udid': 'a', 'secret_from': '1234'}]        | entry 1: secret_from names no environment variable
          [{'target': 'phone', 'udid': 'a'}]                                | cannot be read at line 1: 'phone' is no target; emulator or device
          [{'target': 'device', 'udid': 'a', 'modle': 'b'}]                 | at line 1: there is no 'modle'; there are target, udid,
          [{'target'                                                        | at line 1: it is no JSON
          {'target': 'device', 'udid': 'a'}                                 | at line 1: it is not a list such as
          """)
  void whatIsWrongIsSaidWithItsPlace(String text, String complaint) {
    assertThatThrownBy(() -> read(text.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slots file " + folder.resolve("slots.json"))
        .hasMessageContaining(complaint);
  }

  @Test
  void aPhoneMayNameTheVariableWithTheSecretOfItsLockScreen() throws IOException {
    SlotsFile file =
        read(
            """
            [
              {"target": "device", "udid": "R58M", "secret_from": "PIN_1"},
              {"target": "device", "udid": "R59N", "watch": false, "secret_from": "PIN_2"},
              {"target": "device", "udid": "R60P"}
            ]
            """);
    assertThat(file.secretsFrom()).isEqualTo(Map.of("R58M", "PIN_1", "R59N", "PIN_2"));
  }

  @Test
  void aMissingFileIsSaidSo() {
    assertThatThrownBy(() -> SlotsFile.read(folder.resolve("none.json")))
        .hasMessage("slots file " + folder.resolve("none.json") + " does not exist");
  }
}
