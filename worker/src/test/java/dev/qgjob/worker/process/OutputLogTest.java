package dev.qgjob.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLogTest {
  private static final String LONG = "x".repeat(1 << 20);

  @TempDir Path folder;

  private List<String> written(String... after) throws Exception {
    Path file = folder.resolve("log.txt");
    OutputLog log = new OutputLog(file);
    for (int i = 0; i < 7; i++) {
      log.add(LONG);
    }
    for (String line : after) {
      log.add(line);
    }
    log.close();
    log.close();
    return Files.readAllLines(file).stream().filter(line -> !line.startsWith("x")).toList();
  }

  @Test
  void oneThatIsNotTooLongIsWhole() throws Exception {
    assertThat(written("the end")).containsExactly("the end");
  }

  @Test
  void oneThatWasCutEndsWithTheLastLines() throws Exception {
    assertThat(written(LONG, "it failed", "here"))
        .containsExactly("… cut here, the log is too long", "it failed", "here");
  }

  @Test
  void whatIsLeftOutIsCounted() throws Exception {
    String[] many = new String[101];
    many[0] = LONG;
    for (int i = 1; i < many.length; i++) {
      many[i] = "line " + i;
    }
    assertThat(written(many))
        .hasSize(82)
        .startsWith(
            "… cut here, the log is too long", "… 21 lines are left out; the last ones:", "line 21")
        .endsWith("line 100");
  }
}
