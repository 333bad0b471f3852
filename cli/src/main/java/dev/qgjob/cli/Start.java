package dev.qgjob.cli;

/** One command line, from its arguments to its exit code. */
final class Start {
  private Start() {}

  /** Never throws. */
  static int run(Surroundings here, String... args) {
    Integer done = Shortcut.of(here, args);
    return done == null ? Qgjob.run(here, args) : done;
  }
}
