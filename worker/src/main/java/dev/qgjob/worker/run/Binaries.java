package dev.qgjob.worker.run;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The files of a build that has several.
 *
 * @param apps the same app, for different ABIs
 * @param companions what has to be on the phone as well
 */
public record Binaries(List<Binary> apps, List<Binary> companions) {
  public Binaries {
    apps = List.copyOf(apps);
    companions = List.copyOf(companions);
  }

  /** Those of an app's package, and the others. */
  public static Binaries of(List<Binary> all, String packageName) {
    return new Binaries(
        all.stream().filter(b -> b.app().packageName().equals(packageName)).toList(),
        all.stream().filter(b -> !b.app().packageName().equals(packageName)).toList());
  }

  /** Whether a phone has to be asked what it can run. */
  public boolean dependOnThePhone() {
    return apps.stream().anyMatch(binary -> !binary.abis().isEmpty());
  }

  /**
   * The app for a phone: with native code for the first of its ABIs that there is any for, else
   * without native code.
   *
   * @param abis of the phone, the one first that it likes best
   */
  public Optional<App> appFor(List<String> abis) {
    return abis.stream()
        .flatMap(abi -> apps.stream().filter(binary -> binary.abis().contains(abi)))
        .findFirst()
        .or(() -> apps.stream().filter(binary -> binary.abis().isEmpty()).findFirst())
        .map(Binary::app);
  }

  /** Why there is no {@link #appFor} such a phone. */
  public String noneFor(List<String> abis) {
    return "no binary of the build for ABI "
        + String.join(" or ", abis)
        + "; it has "
        + apps.stream().flatMap(binary -> binary.abis().stream()).collect(Collectors.joining(", "));
  }
}
