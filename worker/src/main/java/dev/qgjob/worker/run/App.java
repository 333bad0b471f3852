package dev.qgjob.worker.run;

import java.util.Objects;

/**
 * An app binary; or a build of several, which no file has the digest of.
 *
 * @param sha256 lower-case hex digest, the only thing that identifies a build
 * @param fileName the name it was submitted under; its ending tells the kind of package
 * @param packageName application id, for example {@code io.appium.android.apis}
 */
public record App(String sha256, String fileName, String packageName) {
  public App {
    Checks.sha256("app sha256", sha256);
    Checks.plainFileName("app file name", fileName);
    Objects.requireNonNull(packageName);
    if (!packageName.matches("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z0-9_-]+)+")) {
      throw new IllegalArgumentException("not an application id: " + packageName);
    }
  }
}
