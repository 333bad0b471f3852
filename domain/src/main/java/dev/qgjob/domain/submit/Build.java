package dev.qgjob.domain.submit;

import dev.qgjob.domain.fleet.Compatibility;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One binary of an app version, or one set of them.
 *
 * @param number from 1
 * @param sha256 what builds are compared by, see {@link BuildSet}
 * @param fileName the app's first file's
 * @param size in bytes, of all files together
 * @param binaries of a build that has several, in the order in which they were named; empty: it is
 *     one file, which has the build's digest
 * @param compatibility on which phones it can be installed
 */
public record Build(
    String orgId,
    String appVersionId,
    int number,
    String sha256,
    String fileName,
    long size,
    String packageName,
    @Nullable String versionName,
    Instant createdAt,
    List<Binary> binaries,
    Compatibility compatibility) {
  public Build {
    binaries = List.copyOf(binaries);
  }

  /** Of one file, which runs on any phone. */
  public Build(
      String orgId,
      String appVersionId,
      int number,
      String sha256,
      String fileName,
      long size,
      String packageName,
      @Nullable String versionName,
      Instant createdAt) {
    this(
        orgId,
        appVersionId,
        number,
        sha256,
        fileName,
        size,
        packageName,
        versionName,
        createdAt,
        List.of(),
        Compatibility.ANY);
  }

  /** The digests of its files. */
  public List<String> blobs() {
    return binaries.isEmpty() ? List.of(sha256) : binaries.stream().map(Binary::sha256).toList();
  }
}
