package dev.qgjob.protocol;

import java.util.List;

/**
 * Which test of a spec.
 *
 * @param line where it is written, from 1
 * @param column the same
 */
public record TestRef(List<String> titlePath, int line, int column) {
  public TestRef {
    titlePath = Wire.orEmpty(titlePath);
  }
}
