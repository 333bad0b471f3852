package dev.qgjob.protocol.submit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One build of an app version.
 *
 * @param number counts from 1
 * @param fileName the app's first file's
 * @param size in bytes, of all files together
 * @param files of a build that has several; absent: it is one
 */
public record BuildView(
    int number,
    String sha256,
    String fileName,
    long size,
    String packageName,
    @Nullable String versionName,
    Instant createdAt,
    @Nullable List<AppFile> files) {
  public BuildView {
    files = files == null ? null : List.copyOf(files);
  }
}
