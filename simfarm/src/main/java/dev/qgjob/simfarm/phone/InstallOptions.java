package dev.qgjob.simfarm.phone;

/**
 * How an app is to be installed.
 *
 * @param replace whether a package that is there may be replaced
 * @param downgrade whether its version code may be lower
 * @param grantPermissions whether all its permissions are granted
 */
public record InstallOptions(boolean replace, boolean downgrade, boolean grantPermissions) {
  /** As {@code pm install} without options does. */
  public static final InstallOptions DEFAULT = new InstallOptions(true, false, false);
}
