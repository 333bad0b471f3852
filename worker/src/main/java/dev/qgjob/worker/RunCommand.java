package dev.qgjob.worker;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs an enrolled worker. */
@Command(
    name = "run",
    description = {
      "Offers this host's slots to the server and runs what they are given.",
      "",
      "Without options, every phone and emulator that adb sees is a slot, as it comes and goes; with"
          + " --slots, those that the file lists. SIGTERM or Ctrl-C: no new work, what runs may"
          + " finish; a second one stops it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class)
final class RunCommand implements Callable<Integer> {
  @Mixin private final StateOption state = new StateOption();
  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    try (StateFolder folder = state.open()) {
      Credentials credentials =
          folder
              .credentials()
              .orElseThrow(
                  () ->
                      new Unusable(
                          "this worker is not enrolled (no credentials in "
                              + folder.path()
                              + "); run: qgjob-worker enrol --server URL --code CODE"));
      return Running.run(folder, credentials, options);
    }
  }
}
