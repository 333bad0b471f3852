package dev.qgjob.worker.run;

import java.util.List;

/**
 * One file of a build that has several: the app itself where it has the app's package, else a
 * companion.
 *
 * @param abis that its native code is for; empty: it has none, and runs on all
 */
public record Binary(App app, List<String> abis) {
  public Binary {
    abis = List.copyOf(abis);
  }
}
