package dev.qgjob.cli;

/** Which qgjob this is. */
final class Version {
  private Version() {}

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "qgjob " + (version == null ? "development" : version);
  }
}
