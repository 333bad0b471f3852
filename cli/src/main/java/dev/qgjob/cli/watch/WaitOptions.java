package dev.qgjob.cli.watch;

import dev.qgjob.cli.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long to wait. */
public final class WaitOptions {
  @Option(
      names = "--wait-timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Give up waiting after this, with 124; the run goes on (default: never).")
  private @Nullable Duration limit;

  /** Empty: as long as it takes. */
  public Optional<Duration> limit() {
    return Optional.ofNullable(limit);
  }
}
