package dev.qgjob.cli.watch;

import dev.qgjob.cli.Surroundings;
import dev.qgjob.protocol.report.RunView;

/** How the wait looks, on stderr. */
interface Progress extends AutoCloseable {

  /** The run as it now stands. */
  void show(RunView run);

  /** Something about the waiting itself. */
  void note(String line);

  @Override
  void close();

  /** A bar for a person, lines for a log. */
  static Progress on(Surroundings here) {
    return here.manner().quiet()
        ? new Silence()
        : here.terminal() ? new Bar(here) : new Lines(here);
  }
}
