package dev.qgjob.simfarm.phone;

/**
 * What happened on a phone since the counts were last set to zero. Appium's own helper packages
 * ({@code io.appium.settings}, {@code io.appium.uiautomator2.*}) are counted apart.
 *
 * @param installs successful installs of apps
 * @param uninstalls of apps, by whomever
 * @param launches of apps
 * @param clears of apps' data
 * @param helperInstalls successful installs of Appium's helpers
 */
public record Counts(int installs, int uninstalls, int launches, int clears, int helperInstalls) {
  /** Nothing happened. */
  public static final Counts ZERO = new Counts(0, 0, 0, 0, 0);

  /** The sum of both. */
  public Counts plus(Counts other) {
    return new Counts(
        installs + other.installs,
        uninstalls + other.uninstalls,
        launches + other.launches,
        clears + other.clears,
        helperInstalls + other.helperInstalls);
  }

  Counts plusInstall(boolean helper) {
    return helper
        ? new Counts(installs, uninstalls, launches, clears, helperInstalls + 1)
        : new Counts(installs + 1, uninstalls, launches, clears, helperInstalls);
  }

  Counts plusUninstall(boolean helper) {
    return helper ? this : new Counts(installs, uninstalls + 1, launches, clears, helperInstalls);
  }

  Counts plusLaunch(boolean helper) {
    return helper ? this : new Counts(installs, uninstalls, launches + 1, clears, helperInstalls);
  }

  Counts plusClear(boolean helper) {
    return helper ? this : new Counts(installs, uninstalls, launches, clears + 1, helperInstalls);
  }
}
