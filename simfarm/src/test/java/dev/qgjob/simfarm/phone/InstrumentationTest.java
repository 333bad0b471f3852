package dev.qgjob.simfarm.phone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class InstrumentationTest {
  private final Instrumentation instrumentation = new Instrumentation();

  @Test
  void theFirstKnockAfterAStopIsRefusedAtOnce() throws InterruptedException {
    instrumentation.start();
    instrumentation.stop();

    assertThat(instrumentation.knock()).isEmpty();
  }

  @Test
  void aKnockThatComesTooEarlyWaitsForTheServer() throws Exception {
    assertThat(instrumentation.knock()).isEmpty();
    CompletableFuture<Optional<CompletableFuture<Void>>> knock =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return instrumentation.knock();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    CompletableFuture<Void> run = instrumentation.start();

    assertThat(knock.get()).contains(run);
  }

  @Test
  void aNewRunEndsTheOldOne() {
    CompletableFuture<Void> first = instrumentation.start();
    CompletableFuture<Void> second = instrumentation.start();

    assertThat(first).isDone();
    instrumentation.stop(first);
    assertThat(second).isNotDone();
  }
}
