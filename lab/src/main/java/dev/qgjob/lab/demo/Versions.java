package dev.qgjob.lab.demo;

import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The example's app in builds: the same APK, and some with an entry added, signed alike. */
public record Versions(Path first, Path second) {
  /** Makes two below a folder, installing the example's dependencies where they are missing. */
  public static Versions make(Distribution distribution, Path folder) {
    List<Path> builds = make(distribution, folder, 2);
    return new Versions(builds.get(0), builds.get(1));
  }

  /** Makes so many, as {@link #make(Distribution, Path)} does. */
  public static List<Path> make(Distribution distribution, Path folder, int count) {
    Path example = distribution.example();
    if (!Files.isDirectory(example.resolve("node_modules"))) {
      Command.run(
              example,
              Map.of(),
              List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
              600)
          .expectSuccess();
    }
    Command.run(
            distribution.root(),
            Map.of(),
            List.of(distribution.builds().toString(), folder.toString(), Integer.toString(count)),
            120)
        .expectSuccess();
    return IntStream.rangeClosed(1, count)
        .mapToObj(build -> folder.resolve("app-" + build + ".apk"))
        .toList();
  }
}
