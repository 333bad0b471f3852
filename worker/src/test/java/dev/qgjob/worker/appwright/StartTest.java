package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.worker.process.Starts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
  @TempDir Path folder;
  private final Starts starts = new Starts(1, Duration.ofMinutes(1));

  private Start start(String name) throws Exception {
    return new Start(starts, folder.resolve(name));
  }

  private CompletableFuture<Start> later(String name) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return start(name);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void whileOneWaitsForItsAppAnotherStarts() throws Exception {
    Start first = start("a");
    first.atGate();
    Start second = start("b");
    assertThat(first.gate()).doesNotExist();
    CompletableFuture<Void> goesOn =
        CompletableFuture.runAsync(
            () -> {
              try {
                first.open();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(goesOn).as("it is the second one's turn").isNotDone();
    second.over();
    goesOn.get(10, TimeUnit.SECONDS);
    assertThat(first.gate()).exists();
  }

  /** The config is read before, and may write where it likes. */
  @Test
  void aGateThatSomebodyElseOpenedOrRemovedTheFolderOfIsOpen() throws Exception {
    Start opened = start("a");
    Files.createFile(opened.gate());
    opened.open();
    opened.over();
    Start gone = start("gone/b");
    gone.open();
    assertThat(gone.gate()).exists();
  }

  @Test
  void whoseAppIsThereKeepsItsTurn() throws Exception {
    Start first = start("a");
    first.open();
    first.atGate();
    CompletableFuture<Start> second = later("b");
    assertThat(second).isNotDone();
    first.over();
    first.over();
    second.get(10, TimeUnit.SECONDS).over();
    start("c").over();
  }
}
