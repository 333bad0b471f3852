package dev.qgjob.simfarm.control;

import dev.qgjob.simfarm.phone.Counts;
import java.util.List;

/**
 * All phones and the sum of their counts.
 *
 * @param total over all phones
 */
public record FarmReport(Counts total, List<PhoneReport> phones) {
  /** Copies the list. */
  public FarmReport {
    phones = List.copyOf(phones);
  }

  /** Sums up. */
  public static FarmReport of(List<PhoneReport> phones) {
    Counts total = Counts.ZERO;
    for (PhoneReport phone : phones) {
      total = total.plus(phone.counts());
    }
    return new FarmReport(total, phones);
  }
}
