package dev.qgjob.worker.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A project's packages, installed once per lockfile and shared by all that have the same one.
 *
 * <p>They stay where they were installed and are linked into the copies. Node resolves links to
 * real paths, so a package finds its neighbours in the shared folder, and {@code @playwright/test}
 * is the same one for the spec and for AppWright.
 */
final class Dependencies {
  private static final String LOCK = "package-lock.json";
  private static final String MANIFEST = "package.json";

  private final ObjectMapper json = new ObjectMapper();
  private final Cache cache;
  private final Npm npm;

  Dependencies(Cache cache, Npm npm) {
    this.cache = cache;
    this.npm = npm;
  }

  /**
   * Packages on disk.
   *
   * @param folder holds {@code node_modules} and the files that it was made from
   * @param place the same folder in the bundle, relative to its root
   */
  record Installed(Path folder, Path place) {
    /** Links every {@code node_modules} to its place in a copy of the bundle. */
    void linkInto(Path root) throws IOException {
      for (Path modules : modulesFolders(folder)) {
        Path link = root.resolve(place.toString()).resolve(folder.relativize(modules).toString());
        Path parent = link.getParent();
        if (parent != null && Files.isDirectory(parent)) {
          Files.createSymbolicLink(link, modules);
        }
      }
    }
  }

  /** Those that came with the bundle, else those that npm installs. */
  Installed install(Path bundle, Path project, String bundleSha256, Uses uses)
      throws IOException, NotReady, InterruptedException {
    Optional<Path> brought = brought(bundle, project);
    if (brought.isPresent()) {
      return new Installed(brought.get(), bundle.relativize(brought.get()));
    }
    Path source = whereInstalled(bundle, project);
    JsonNode manifest = read(source.resolve(MANIFEST));
    boolean locked = Files.isRegularFile(source.resolve(LOCK));
    // packages that lie in the bundle itself make it part of what is installed
    boolean whole = manifest.has("workspaces") || (locked && linksToFiles(source.resolve(LOCK)));
    String key = whole ? "bundle-" + bundleSha256 : "lock-" + keyOf(source);
    Cache.Use folder =
        uses.add(
            cache.use(
                "dependencies",
                key,
                fresh -> {
                  if (whole) {
                    Folders.copySources(source, fresh);
                  } else {
                    copyManifests(source, fresh);
                  }
                  npm.install(fresh, locked);
                  Files.createDirectories(fresh.resolve("node_modules"));
                }));
    return new Installed(folder.folder(), bundle.relativize(source));
  }

  private static void copyManifests(Path source, Path fresh) throws IOException {
    for (String name : List.of(MANIFEST, LOCK, ".npmrc")) {
      if (Files.isRegularFile(source.resolve(name))) {
        Files.copy(source.resolve(name), fresh.resolve(name));
      }
    }
  }

  /**
   * The nearest folder, from the project up to the bundle's root, that has packages: Playwright's,
   * since without them nothing runs.
   */
  private static Optional<Path> brought(Path bundle, Path project) {
    for (Path at = project; at != null && at.startsWith(bundle); at = at.getParent()) {
      if (Files.isDirectory(at.resolve("node_modules/@playwright/test"))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /**
   * The nearest folder, from the project up to the bundle's root, with a lockfile or a manifest.
   */
  private static Path whereInstalled(Path bundle, Path project) throws NotReady {
    for (String name : List.of(LOCK, MANIFEST)) {
      for (Path at = project; at != null && at.startsWith(bundle); at = at.getParent()) {
        if (Files.isRegularFile(at.resolve(name)) && Files.isRegularFile(at.resolve(MANIFEST))) {
          return at;
        }
      }
    }
    throw new NotReady(
        FailureKind.SUBMITTER,
        "the bundle has no package.json in the AppWright project or above it");
  }

  private static String keyOf(Path source) throws IOException {
    StringBuilder all = new StringBuilder("1\n");
    for (String name : List.of(LOCK, MANIFEST, ".npmrc")) {
      Path file = source.resolve(name);
      all.append(name).append(' ');
      all.append(Files.isRegularFile(file) ? Digests.sha256(file) : "-").append('\n');
    }
    return Digests.sha256(all.toString());
  }

  private boolean linksToFiles(Path lock) throws IOException, NotReady {
    for (JsonNode entry : read(lock).path("packages")) {
      if (entry.path("link").asBoolean() || entry.path("resolved").asText().startsWith("file:")) {
        return true;
      }
    }
    return false;
  }

  private JsonNode read(Path file) throws IOException, NotReady {
    try {
      return json.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new NotReady(
          FailureKind.SUBMITTER, file.getFileName() + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static List<Path> modulesFolders(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            if (Folders.isNodeModules(at)) {
              found.add(at);
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
