package dev.qgjob.protocol.report;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** Runs, newest first, without their jobs. */
public record RunList(List<RunView> runs) {
  public RunList {
    runs = Wire.orEmpty(runs);
  }
}
