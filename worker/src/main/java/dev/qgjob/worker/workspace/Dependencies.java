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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A project's packages, installed once per lockfile and shared by all that have the same one.
 *
 * <p>They stay where they were installed and are linked into the copies. Node resolves links to
 * real paths, so a package finds its neighbours in the shared folder, and {@code @playwright/test}
 * is the same one for the spec and for AppWright.
 */
final class Dependencies {
  private static final String MANIFEST = "package.json";
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)");

  private static final int MOST_KNOWN = 100;

  private final ObjectMapper json = new ObjectMapper();
  private final Cache cache;
  private final Npm npm;

  /** By bundle and project, those used last; guarded by itself. */
  private final Map<String, Wanted> wanted =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Wanted> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  Dependencies(Cache cache, Npm npm) {
    this.cache = cache;
    this.npm = npm;
  }

  /**
   * What a project's own files say of its packages.
   *
   * @param place the folder in the bundle with the manifest, relative to its root
   * @param whole packages lie in the bundle itself, so all of it is part of what is installed
   * @param manifests names and digests of the files that say what is installed
   */
  private record Wanted(Path place, PackageManager manager, boolean whole, String manifests) {}

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

  /**
   * Those that came with the bundle, else those that the project's package manager installs.
   *
   * @param variables the job's; those that the settings of a registry name are given to the install
   * @param node installs them; what is built for one line of Node is not for another
   */
  Installed install(
      Path bundle,
      Path project,
      String bundleSha256,
      Map<String, String> variables,
      Node node,
      Uses uses)
      throws IOException, NotReady, InterruptedException {
    Optional<Path> brought = brought(bundle, project);
    if (brought.isPresent()) {
      return new Installed(brought.get(), bundle.relativize(brought.get()));
    }
    Wanted wanted = wanted(bundle, project, bundleSha256);
    Path source = bundle.resolve(wanted.place());
    PackageManager manager = wanted.manager();
    Map<String, String> named = named(source, variables);
    String key =
        (wanted.whole()
                ? "bundle-" + bundleSha256 + suffix(named)
                : "lock-" + Digests.sha256(wanted.manifests() + suffix(named)))
            + (node.isOwn() ? "" : "-node" + node.major());
    Cache.Use folder =
        uses.add(
            cache.use(
                "dependencies",
                key,
                fresh -> {
                  if (wanted.whole()) {
                    Folders.copySources(source, fresh);
                  } else {
                    copyManifests(source, fresh, manager);
                  }
                  npm.install(fresh, manager, named, node);
                  Files.createDirectories(fresh.resolve("node_modules"));
                }));
    return new Installed(folder.folder(), wanted.place());
  }

  /** Read once of a bundle: a lockfile may have megabytes, and a claim should not wait for that. */
  private Wanted wanted(Path bundle, Path project, String bundleSha256)
      throws IOException, NotReady {
    String which = bundleSha256 + "/" + bundle.relativize(project);
    Wanted known;
    synchronized (wanted) {
      known = wanted.get(which);
    }
    if (known != null) {
      return known;
    }
    Path source = whereInstalled(bundle, project);
    JsonNode manifest = read(source.resolve(MANIFEST));
    PackageManager manager = PackageManager.of(source, manifest);
    Wanted read =
        new Wanted(
            bundle.relativize(source),
            manager,
            isWhole(source, manifest, manager),
            digests(source, manager));
    synchronized (wanted) {
      wanted.put(which, read);
    }
    return read;
  }

  private boolean isWhole(Path source, JsonNode manifest, PackageManager manager)
      throws IOException, NotReady {
    return manifest.has("workspaces")
        || Files.isRegularFile(source.resolve("pnpm-workspace.yaml"))
        || Files.isDirectory(source.resolve(".yarn"))
        || (manager.lockfile().endsWith(".json")
            && linksToFiles(source.resolve(manager.lockfile())));
  }

  private static void copyManifests(Path source, Path fresh, PackageManager manager)
      throws IOException {
    for (String name : manifests(manager)) {
      if (Files.isRegularFile(source.resolve(name))) {
        Folders.copy(source.resolve(name), fresh.resolve(name));
      }
    }
  }

  private static List<String> manifests(PackageManager manager) {
    List<String> names = new ArrayList<>(List.of(MANIFEST));
    if (!manager.lockfile().isEmpty()) {
      names.add(manager.lockfile());
    }
    names.addAll(PackageManager.SETTINGS);
    return names;
  }

  /** The job's variables that the settings name, as {@code ${NAME}}. */
  private static Map<String, String> named(Path source, Map<String, String> variables)
      throws IOException {
    Map<String, String> named = new TreeMap<>();
    for (String name : PackageManager.SETTINGS) {
      if (Files.isRegularFile(source.resolve(name))) {
        Matcher variable = VARIABLE.matcher(Files.readString(source.resolve(name)));
        while (variable.find()) {
          String value = variables.get(variable.group(1));
          if (value != null) {
            named.put(variable.group(1), value);
          }
        }
      }
    }
    return named;
  }

  /** Packages that somebody's token opened are not for who has another one. */
  private static String suffix(Map<String, String> named) {
    return named.isEmpty() ? "" : "-" + Digests.sha256(named.toString());
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
    for (List<String> names : List.of(PackageManager.LOCKFILES, List.of(MANIFEST))) {
      for (Path at = project; at != null && at.startsWith(bundle); at = at.getParent()) {
        Path here = at;
        if (Files.isRegularFile(at.resolve(MANIFEST))
            && names.stream().anyMatch(name -> Files.isRegularFile(here.resolve(name)))) {
          return at;
        }
      }
    }
    throw new NotReady(
        FailureKind.SUBMITTER,
        "the bundle has no package.json in the AppWright project or above it");
  }

  private static String digests(Path source, PackageManager manager) throws IOException {
    StringBuilder all = new StringBuilder("2 ").append(manager.name()).append('\n');
    for (String name : manifests(manager)) {
      Path file = source.resolve(name);
      all.append(name).append(' ');
      all.append(Files.isRegularFile(file) ? Digests.sha256(file) : "-").append('\n');
    }
    return all.toString();
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
