package dev.qgjob.simfarm.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.simfarm.shell.ShellLine.When;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ShellLineTest {

  @Test
  void quotesKeepWordsTogether() {
    var program = ShellLine.parse("echo 'a b' \"c \\\" d\" e\\ f").steps().get(0).pipeline().get(0);

    assertThat(program.words()).containsExactly("echo", "a b", "c \" d", "e f");
  }

  @Test
  void stepsKnowWhenTheyRun() {
    var steps = ShellLine.parse("a; b && c || d").steps();

    assertThat(steps)
        .extracting(ShellLine.Step::when)
        .containsExactly(When.ALWAYS, When.ALWAYS, When.AFTER_SUCCESS, When.AFTER_FAILURE);
  }

  @Test
  void outputCanBeSentAway() {
    var program = ShellLine.parse("ls /x 2>&1 >/sdcard/out").steps().get(0).pipeline().get(0);

    assertThat(program.words()).containsExactly("ls", "/x");
    assertThat(program.outTo()).isEqualTo("/sdcard/out");
    assertThat(program.errTo()).isEqualTo(ShellLine.Errors.WITH_OUTPUT);
  }

  @Test
  void aFileAsInputIsSkipped() {
    var program = ShellLine.parse("rm -f /x </dev/null").steps().get(0).pipeline().get(0);

    assertThat(program.words()).containsExactly("rm", "-f", "/x");
  }

  @Property
  void anyLineCanBeTakenApart(@ForAll String line) {
    assertThat(ShellLine.parse(line).steps())
        .allSatisfy(step -> assertThat(step.pipeline()).isNotEmpty());
  }
}
