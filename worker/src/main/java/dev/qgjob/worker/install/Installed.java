package dev.qgjob.worker.install;

/** What came of making a slot hold an app. */
public sealed interface Installed {
  /** It holds the wanted build, after so many installs (0 when it did already). */
  record Held(int installs) implements Installed {}

  /** The phone does not take this binary: no phone would. */
  record Refused(String message) implements Installed {}

  /** The phone went away or cannot take anything: another one may. */
  record PhoneFailed(String message) implements Installed {}
}
