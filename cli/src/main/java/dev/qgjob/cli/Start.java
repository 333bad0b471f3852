package dev.qgjob.cli;

/** One command line, from its arguments to its exit code. */
final class Start {
  private Start() {}

  /** Never throws. */
  static int run(Surroundings here, String... args) {
    Integer done = Shortcut.of(here, args);
    int code = done == null ? Qgjob.run(here, args) : done;
    if (here.out().checkError()) {
      here.err().println("qgjob: stdout could not be written to its end (is the disk full?)");
      return code == ExitCode.OK.number() ? ExitCode.GENERAL.number() : code;
    }
    return code;
  }
}
