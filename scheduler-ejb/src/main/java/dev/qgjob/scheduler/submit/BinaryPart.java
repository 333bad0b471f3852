package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.submit.Binary;
import jakarta.persistence.Embeddable;
import java.util.List;

/**
 * One file of a build that has several.
 *
 * @param abis with commas between; empty: it has no native code
 */
@Embeddable
record BinaryPart(String sha256, String fileName, long size, String packageName, String abis) {
  static BinaryPart of(Binary binary) {
    return new BinaryPart(
        binary.sha256(),
        binary.fileName(),
        binary.size(),
        binary.packageName(),
        String.join(",", binary.abis()));
  }

  Binary toBinary() {
    return new Binary(
        sha256, fileName, size, packageName, abis.isEmpty() ? List.of() : List.of(abis.split(",")));
  }
}
