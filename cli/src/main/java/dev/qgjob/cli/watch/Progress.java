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

  /** How the wait is shown. */
  enum Style {
    /** a bar for a person, lines for a log */
    AUTO,
    /** a bar of jobs that are done, and a line for each verdict */
    BAR,
    /** a line whenever a job changes */
    LINES,
    /** nothing before the end */
    SUMMARY
  }

  /** As wished; {@code --quiet} outweighs it. */
  static Progress on(Surroundings here, Style style) {
    if (here.manner().quiet()) {
      return new Silence();
    }
    return switch (style) {
      case AUTO -> here.terminal() ? new Bar(here) : new Lines(here);
      case BAR -> new Bar(here);
      case LINES -> new Lines(here);
      case SUMMARY -> new Silence();
    };
  }
}
