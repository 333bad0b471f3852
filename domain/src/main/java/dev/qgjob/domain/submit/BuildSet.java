package dev.qgjob.domain.submit;

import dev.qgjob.domain.access.Sha256;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the files of a build are together. */
public final class BuildSet {
  private BuildSet() {}

  /**
   * The one digest that stands for a build wherever builds are compared. Of a single file it is the
   * file's own; of several the SHA-256 of a line for each, {@code app SHA256} or {@code companion
   * SHA256}, sorted, each with a line feed at its end. In which order they were named makes no
   * difference.
   */
  public static String sha256(Collection<String> apps, Collection<String> companions) {
    if (apps.size() == 1 && companions.isEmpty()) {
      return apps.iterator().next();
    }
    return Sha256.hex(
        Stream.concat(
                apps.stream().map(file -> "app " + file + "\n"),
                companions.stream().map(file -> "companion " + file + "\n"))
            .sorted()
            .collect(Collectors.joining()));
  }

  /** Why these cannot all be the same app, so that each phone has one that is meant for it. */
  static Optional<String> clash(List<Binary> apps) {
    Binary first = apps.get(0);
    return apps.stream()
        .filter(other -> !other.packageName().equals(first.packageName()))
        .map(
            other ->
                "has %s of package %s beside %s of package %s"
                    .formatted(
                        other.fileName(),
                        other.packageName(),
                        first.fileName(),
                        first.packageName()))
        .findFirst()
        .or(() -> twice(apps, BuildSet::forWhich));
  }

  /** Why these cannot all be on a phone together with the app. */
  static Optional<String> clash(String packageName, List<Binary> companions) {
    return companions.stream()
        .filter(companion -> companion.packageName().equals(packageName))
        .map(companion -> "has " + companion.fileName() + " of the app's own package")
        .findFirst()
        .or(() -> twice(companions, companion -> List.of("of package " + companion.packageName())));
  }

  private static List<String> forWhich(Binary app) {
    return app.abis().isEmpty()
        ? List.of("without native code")
        : app.abis().stream().map(abi -> "for ABI " + abi).toList();
  }

  private static Optional<String> twice(
      List<Binary> files, Function<Binary, List<String>> whatOnlyOneIs) {
    return IntStream.range(0, files.size())
        .boxed()
        .flatMap(
            i ->
                files.subList(0, i).stream()
                    .flatMap(
                        before ->
                            whatOnlyOneIs.apply(before).stream()
                                .filter(whatOnlyOneIs.apply(files.get(i))::contains)
                                .map(
                                    what ->
                                        "has two files "
                                            + what
                                            + ": "
                                            + before.fileName()
                                            + " and "
                                            + files.get(i).fileName())))
        .findFirst();
  }
}
