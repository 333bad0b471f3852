package dev.qgjob.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.message.Headers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncomingTest {
  private static final List<String> SEEDS =
      List.of(
          "{\"job_id\":\"j1\",\"generation\":1}",
          "{\"job_id\":\"j1\",\"generation\":1,\"slot_id\":\"a:b:c\"}",
          "{\"kind\":\"cancel\",\"job_id\":\"j1\",\"generation\":1}",
          "{\"kind\":\"drain\"}");
  private static final String PIECES =
      "{}[]\",:\\0123456789eE+-.ntrufalsjob_idkcg \u0000\uD800\uFFFF";

  @Test
  void whatIsMeantIsRead() {
    assertThat(Incoming.read(Headers.JOB, SEEDS.get(1))).isInstanceOf(Incoming.Job.class);
    assertThat(Incoming.read(Headers.CONTROL, SEEDS.get(3))).isInstanceOf(Incoming.Control.class);
    assertThat(Incoming.read(null, SEEDS.get(0))).isInstanceOf(Incoming.Malformed.class);
  }

  @Test
  void noTextMakesItThrowAndNoIdGetsThroughThatABeatCouldNotCarry() {
    long seed = 20_240_501;
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
      for (int edits = random.nextInt(6); edits > 0; edits--) {
        int at = random.nextInt(text.length() + 1);
        String piece =
            random.nextInt(40) == 0
                ? "[".repeat(5_000)
                : String.valueOf(PIECES.charAt(random.nextInt(PIECES.length())));
        if (random.nextBoolean() || at == text.length()) {
          text.insert(at, piece);
        } else {
          text.deleteCharAt(at);
        }
      }
      String type = random.nextBoolean() ? Headers.JOB : Headers.CONTROL;

      Incoming incoming = Incoming.read(type, text.toString());

      if (incoming instanceof Incoming.Job job) {
        assertThat(job.message().jobId())
            .as("seed %s, round %s", seed, i)
            .matches("[\\w.:-]{1,200}");
        assertThat(job.message().generation()).isPositive();
      }
    }
  }
}
