package dev.qgjob.lab.stack;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where a build of this repository puts what ships. */
public record Distribution(Path root) {
  /** The repository of this process: the property {@code qgjob.root}, else the working folder. */
  public static Distribution ofThisBuild() {
    String root = System.getProperty("qgjob.root");
    Distribution here = new Distribution(Path.of(root == null ? "" : root).toAbsolutePath());
    if (!Files.isExecutable(here.server())) {
      throw new IllegalStateException(
          here.server() + " is missing; build first: mvn package -DskipTests");
    }
    return here;
  }

  Path server() {
    return root.resolve("ear/target/server/bin/qgjob-server");
  }

  Path worker() {
    return root.resolve("worker/target/dist/bin/qgjob-worker");
  }

  Path simfarm() {
    return root.resolve("simfarm/target/dist/bin/simfarm");
  }

  public Path cli() {
    return root.resolve("cli/target/dist/bin/qgjob");
  }

  /** The example project. */
  public Path example() {
    return root.resolve("examples/apidemos");
  }

  /** The script that makes builds of the example's app. */
  public Path builds() {
    return root.resolve("examples/make-builds.sh");
  }
}
