package dev.qgjob.domain.placement;

/**
 * Something of an org that there are only so many of, such as test accounts.
 *
 * @param count jobs that may use it at once, from 1
 */
public record Resource(String orgId, String name, int count) {
  /** What it is called across orgs. */
  public String key() {
    return key(orgId, name);
  }

  /** What an org's resource is called across orgs; neither part has a slash. */
  public static String key(String orgId, String name) {
    return orgId + "/" + name;
  }

  /** Whose resource it is, by its key. */
  static String orgOf(String key) {
    return key.substring(0, key.indexOf('/'));
  }
}
