package dev.qgjob.lab.demo;

import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The example's app in two builds: the same APK, and one with an entry added, signed alike. */
public record Versions(Path first, Path second) {
  /** Makes them below a folder, installing the example's dependencies where they are missing. */
  public static Versions make(Distribution distribution, Path folder) {
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
            List.of(distribution.builds().toString(), folder.toString()),
            120)
        .expectSuccess();
    return new Versions(folder.resolve("app-1.apk"), folder.resolve("app-2.apk"));
  }
}
