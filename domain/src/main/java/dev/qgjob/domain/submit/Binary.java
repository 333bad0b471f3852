package dev.qgjob.domain.submit;

import java.util.List;

/**
 * One file of a build that has several: the app for some ABIs where its package is the build's,
 * else a companion, which has to be on the phone as well.
 *
 * @param size in bytes
 * @param abis that its native code is for, sorted; empty: it has none, and runs on all
 */
public record Binary(
    String sha256, String fileName, long size, String packageName, List<String> abis) {
  public Binary {
    abis = List.copyOf(abis);
  }
}
