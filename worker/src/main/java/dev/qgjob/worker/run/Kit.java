package dev.qgjob.worker.run;

import java.nio.file.Path;
import java.util.List;

/**
 * What of a build goes onto one slot.
 *
 * @param build what the server knows it by
 * @param app the file for this slot; has the build's digest where the build is one file
 * @param companions what has to be there as well
 */
public record Kit(App build, Piece app, List<Piece> companions) {
  /** A file on this host's disk; it has the digest. */
  public record Piece(App app, Path file) {}

  public Kit {
    companions = List.copyOf(companions);
  }

  /** True of the packages that it brings. */
  public boolean has(String packageName) {
    return app.app().packageName().equals(packageName)
        || companions.stream().anyMatch(one -> one.app().packageName().equals(packageName));
  }
}
