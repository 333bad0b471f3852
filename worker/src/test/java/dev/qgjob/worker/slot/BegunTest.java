package dev.qgjob.worker.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BegunTest {
  @TempDir Path state;

  private Begun process() {
    return new Begun(state.resolve("begun"));
  }

  @Test
  void theNextProcessFindsWhatHadBegunAndNotEnded() {
    Begun first = process();
    first.add("j1");
    first.add("j2");
    first.add("j2");
    first.remove("j1");
    first.remove("j3");
    assertThat(first.before()).as("it is not its own past").isEmpty();
    assertThat(process().before()).containsExactly("j2");
  }

  @Test
  void itIsSaidUntilAServerHasHeard() {
    process().add("j1");
    process();
    Begun next = process();
    assertThat(next.before()).containsExactly("j1");
    next.told();
    next.add("j2");
    assertThat(next.before()).isEmpty();
    assertThat(process().before()).containsExactly("j2");
  }
}
