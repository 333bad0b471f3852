package dev.qgjob.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qgjob completion}: a script for the shell. */
@Command(
    name = "completion",
    description = "Prints a completion script: source <(qgjob completion bash)",
    mixinStandardHelpOptions = true)
public final class Completion implements Callable<Integer> {
  /** Shells that the script is for. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  private final Surroundings here;

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = "bash",
      description = "bash, zsh or fish (default: bash)")
  private Shell shell = Shell.BASH;

  public Completion(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    if (shell == Shell.FISH) {
      here.out().print(Fish.script(Qgjob.whole(here)));
      return ExitCode.OK.number();
    }
    // one script serves both: it turns on zsh's bash completion when zsh reads it
    here.out().print(AutoComplete.bash("qgjob", Qgjob.whole(here)));
    return ExitCode.OK.number();
  }
}
