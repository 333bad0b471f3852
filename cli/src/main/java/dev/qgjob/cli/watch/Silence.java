package dev.qgjob.cli.watch;

import dev.qgjob.protocol.report.RunView;

/** {@code --quiet}, or {@code --output-style=summary}. */
final class Silence implements Progress {
  @Override
  public void show(RunView run) {}

  @Override
  public void note(String line) {}

  @Override
  public void close() {}
}
