package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.Wire;
import java.util.List;

/**
 * One file of a build that has several, fetched as a blob: the app where its package is the app's,
 * else a companion.
 *
 * @param abis that its native code is for; empty: it has none, and runs on all
 */
public record AppBinary(String sha256, String fileName, String packageName, List<String> abis) {
  public AppBinary {
    abis = Wire.orEmpty(abis);
  }
}
