package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A spec can write to the reporter's channel whatever it likes. */
class RunEventsFuzzTest {
  private static final List<String> TYPES =
      List.of("configured", "begin", "testBegin", "testEnd", "error", "stdout", "end", "other");
  private static final List<String> NAMES =
      List.of(
          "id",
          "file",
          "tests",
          "errors",
          "message",
          "line",
          "column",
          "title",
          "status",
          "duration",
          "opening",
          "attachments",
          "path",
          "name",
          "contentType",
          "text",
          "problems",
          "mismatch",
          "adapter",
          "ready",
          "package",
          "version",
          "playwright",
          "retry",
          "outcome",
          "snippet");

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 6 : 8)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextLong());
      case 2 -> "1e308";
      case 3 -> "\"" + TYPES.get(random.nextInt(TYPES.size())) + "\"";
      case 4 -> "true";
      case 5 -> "\"\\u0000\\ud800\"";
      case 6 -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
      default -> object(random, depth + 1);
    };
  }

  private static String object(Random random, int depth) {
    StringBuilder text = new StringBuilder("{");
    int members = random.nextInt(8);
    for (int i = 0; i < members; i++) {
      text.append(i == 0 ? "" : ",")
          .append('"')
          .append(NAMES.get(random.nextInt(NAMES.size())))
          .append("\":")
          .append(value(random, depth));
    }
    return text.append('}').toString();
  }

  @Test
  void noLineMakesItThrowAnythingElse() {
    long seed = 20_240_501;
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      String line = random.nextInt(10) == 0 ? value(random, 0) : object(random, 0);
      if (random.nextInt(10) == 0) {
        line = line.substring(0, random.nextInt(line.length() + 1));
      }
      // the event's own name leads into each branch
      String named =
          line.startsWith("{")
              ? line.replaceFirst(
                  "\\{",
                  "{\"event\":\""
                      + TYPES.get(random.nextInt(TYPES.size()))
                      + "\""
                      + (line.startsWith("{}") ? "" : ","))
              : line;
      try {
        assertThat(RunEvents.parse(named)).isNotNull();
      } catch (JsonProcessingException e) {
        assertThat(e).isNotNull();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + i + ": " + named, e);
      }
    }
  }
}
