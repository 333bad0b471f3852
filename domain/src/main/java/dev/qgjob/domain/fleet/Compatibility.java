package dev.qgjob.domain.fleet;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On which phones a build can be installed.
 *
 * @param app what each file of the app asks of a phone, which gets one of them; empty: nothing
 * @param companions what those ask that have to be there too
 */
public record Compatibility(List<Demand> app, List<Demand> companions) {
  /** On all of them, as far as is known. */
  public static final Compatibility ANY = new Compatibility(List.of(), List.of());

  /** The capability with the ABIs that a phone runs, the best one first, with commas between. */
  public static final String ABIS = "abis";

  /** The capability with a phone's API level of Android. */
  public static final String API_LEVEL = "api_level";

  /**
   * What a file asks of a phone.
   *
   * @param abis that its native code is for, one of which the phone has to run; empty: it has none
   * @param minSdk the lowest API level that it runs on; 0: it names none
   */
  public record Demand(Set<String> abis, int minSdk) {
    public Demand {
      abis = Set.copyOf(abis);
    }

    private boolean isMetBy(Slot slot) {
      String runs = slot.capabilities().get(ABIS);
      return isNewEnough(slot)
          && (abis.isEmpty()
              || runs == null
              || Arrays.stream(runs.split(",")).anyMatch(abis::contains));
    }

    private boolean isNewEnough(Slot slot) {
      String level = slot.capabilities().get(API_LEVEL);
      return level == null || !isNumber(level) || Integer.parseInt(level) >= minSdk;
    }

    private static boolean isNumber(String text) {
      return !text.isEmpty()
          && text.length() <= 4
          && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean isNone() {
      return abis.isEmpty() && minSdk <= 1;
    }
  }

  public Compatibility {
    app = app.stream().allMatch(Demand::isNone) ? List.of() : List.copyOf(app);
    companions = companions.stream().filter(demand -> !demand.isNone()).toList();
  }

  /** False only where the slot says of itself what keeps the build from it. */
  public boolean allows(Slot slot) {
    return (app.isEmpty() || runsOne(slot))
        && companions.stream().allMatch(companion -> companion.isMetBy(slot));
  }

  private boolean runsOne(Slot slot) {
    String runs = slot.capabilities().get(ABIS);
    return runs == null
        ? app.stream().anyMatch(file -> file.isNewEnough(slot))
        : chosen(runs).filter(file -> file.isNewEnough(slot)).isPresent();
  }

  /**
   * As workers choose: the file for the first of the phone's ABIs, else one without native code.
   */
  private Optional<Demand> chosen(String runs) {
    return Arrays.stream(runs.split(","))
        .flatMap(abi -> app.stream().filter(file -> file.abis().contains(abi)))
        .findFirst()
        .or(() -> app.stream().filter(file -> file.abis().isEmpty()).findFirst());
  }

  /**
   * What placement has to heed among these slots: nothing where they are all alike to the build.
   * That includes that none will do, unless one that will was here lately and may return: then
   * whichever takes the build refuses it, and that is its verdict.
   */
  public Compatibility among(Collection<Slot> live, Supplier<? extends Collection<Slot>> lately) {
    long good = live.stream().filter(this::allows).count();
    boolean heeded = good == 0 ? lately.get().stream().anyMatch(this::allows) : good < live.size();
    return heeded ? this : ANY;
  }

  /** What an older line of JSON may lack. */
  public static Compatibility orAny(@Nullable Compatibility known) {
    return known == null ? ANY : known;
  }
}
