package dev.qgjob.domain.report;

import java.util.List;

/** Which test of a spec; {@code line} and {@code column} where it is written, from 1. */
public record TestRef(List<String> titlePath, int line, int column) {
  public TestRef {
    titlePath = List.copyOf(titlePath);
  }
}
