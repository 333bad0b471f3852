package dev.qgjob.protocol.report;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** What was installed and what did not have to be, by day (UTC), newest first. */
public record SavingsList(List<DaySavings> days) {
  public SavingsList {
    days = Wire.orEmpty(days);
  }
}
