package dev.qgjob.scheduler.setting;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where uploads lie. */
public sealed interface BlobPlace {
  /** A folder of this machine, or of a file system that servers share. */
  record Folder(Path path) implements BlobPlace {}

  /**
   * A bucket of S3, or of a server that speaks like it.
   *
   * @param prefix begins the name of every object; empty, or with a slash at its end
   * @param endpoint null for Amazon's own, of the region
   * @param pathStyle the bucket is named in the path, and not in the host's name
   */
  record Bucket(
      String name,
      String prefix,
      @Nullable URI endpoint,
      String region,
      String accessKey,
      String secretKey,
      boolean pathStyle)
      implements BlobPlace {
    private static final Pattern ADDRESS =
        Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\\w.-]+(?:/[\\w.-]+)*)?/?)?");

    /** Without the keys: it may go into a log. */
    @Override
    public String toString() {
      return "s3://"
          + name
          + "/"
          + prefix
          + " at "
          + (endpoint == null ? "AWS " + region : endpoint);
    }
  }

  /** A folder's path, or {@code s3://bucket/prefix} with what else the other settings say. */
  static BlobPlace of(String text, Keys keys) {
    if (!text.contains("://")) {
      return new Folder(Path.of(text).toAbsolutePath());
    }
    Matcher address = Bucket.ADDRESS.matcher(text);
    if (!address.matches()) {
      throw new IllegalArgumentException(
          "give a folder, or s3://bucket/prefix (the prefix may be left out)");
    }
    String prefix = address.group(2) == null ? "" : address.group(2) + "/";
    if (List.of(prefix.split("/")).contains("..")) {
      throw new IllegalArgumentException("give a prefix without '..'");
    }
    return new Bucket(
        address.group(1),
        prefix,
        keys.endpoint(),
        keys.region(),
        needed(keys.accessKey(), "QGJOB_S3_ACCESS_KEY"),
        needed(keys.secretKey(), "QGJOB_S3_SECRET_KEY"),
        keys.pathStyle() == null ? keys.endpoint() != null : keys.pathStyle());
  }

  private static String needed(@Nullable String value, String name) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing: a bucket is used with a key");
    }
    return value;
  }

  /** What is said of the bucket beside its name; null where nothing is. */
  record Keys(
      @Nullable URI endpoint,
      String region,
      @Nullable String accessKey,
      @Nullable String secretKey,
      @Nullable Boolean pathStyle) {
    @Override
    public String toString() {
      return "keys of " + endpoint;
    }
  }

  /** The address of a server that speaks S3. */
  static URI endpoint(String text) {
    try {
      URI uri = new URI(text.strip());
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null;
      if (http && bare && uri.getHost() != null && uri.getRawUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException("give an address such as http://minio:9000");
  }

  static boolean pathStyle(String text) {
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("give true or false");
    };
  }
}
