package dev.qgjob.cli.bundle;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.project.AppWrightProject;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/**
 * What goes into a bundle.
 *
 * @param base folder that the bundle's paths are relative to
 * @param projectDir the AppWright project below it; {@code .} for {@code base} itself
 * @param entries path in the bundle to the file whose bytes it gets, sorted
 */
public record ProjectTree(Path base, String projectDir, NavigableMap<String, Path> entries) {
  private static final Set<String> NEVER = Set.of("node_modules", ".git");
  private static final Set<String> NOT_WITHOUT_GIT =
      Set.of("test-results", "playwright-report", "blob-report", ".DS_Store");
  private static final Set<String> NOT_OF_PACKAGES = Set.of(".bin", ".cache", ".pnpm");
  private static final List<String> APPS = List.of(".apk", ".aab", ".ipa");
  private static final List<String> LOCKFILES =
      List.of(
          "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock");
  private static final List<String> OF_A_WORKSPACE =
      List.of(
          "package.json",
          "pnpm-workspace.yaml",
          ".npmrc",
          ".yarnrc.yml",
          ".nvmrc",
          ".node-version");

  /**
   * What goes in beyond what git sees.
   *
   * @param include patterns of ignored files and folders, relative to the project
   * @param packages what is installed in {@code node_modules}, for workers that reach no registry
   */
  public record Extras(List<String> include, boolean packages) {
    public static final Extras NONE = new Extras(List.of(), false);

    public Extras {
      include = List.copyOf(include);
    }
  }

  public ProjectTree {
    entries = Collections.unmodifiableNavigableMap(entries);
  }

  /** The files of the project itself, relative to it. */
  public NavigableMap<String, Path> specs() {
    if (projectDir.equals(".")) {
      return entries;
    }
    NavigableMap<String, Path> own = new TreeMap<>();
    String prefix = projectDir + "/";
    entries.forEach(
        (name, file) -> {
          if (name.startsWith(prefix)) {
            own.put(name.substring(prefix.length()), file);
          }
        });
    return own;
  }

  /** Bytes of all files. */
  public long size() throws IOException {
    long size = 0;
    for (Path file : entries.values()) {
      size += Files.size(file);
    }
    return size;
  }

  /** The project in {@code root} (a real path) as git sees it, or all but rubbish without git. */
  public static ProjectTree of(Path root) throws IOException {
    return of(root, Extras.NONE);
  }

  /** The same with files that git does not see. */
  public static ProjectTree of(Path root, Extras extras) throws IOException {
    Optional<Path> top = Git.top(root);
    List<String> names = top.isPresent() ? Git.files(root) : walk(root, NOT_WITHOUT_GIT, true);
    Optional<Path> workspace = top.flatMap(t -> workspace(root, t));
    Path base = workspace.orElse(root);
    String dir = base.equals(root) ? "." : AppWrightProject.slashes(base.relativize(root));
    NavigableMap<String, Path> entries = new TreeMap<>();
    for (String name : names) {
      add(entries, base, root.resolve(name));
    }
    if (workspace.isPresent()) {
      for (String name : Git.files(base, shared(base))) {
        add(entries, base, base.resolve(name));
      }
    }
    for (String pattern : extras.include()) {
      addIncluded(entries, base, root, pattern);
    }
    if (extras.packages()) {
      addPackages(entries, base, root);
    }
    return new ProjectTree(base, dir, entries);
  }

  private static void addIncluded(
      NavigableMap<String, Path> entries, Path base, Path root, String pattern) throws IOException {
    String wanted = pattern.replaceAll("^\\./|/+$", "");
    PathMatcher file;
    PathMatcher below;
    try {
      file = root.getFileSystem().getPathMatcher("glob:" + wanted);
      below = root.getFileSystem().getPathMatcher("glob:" + wanted + "/**");
    } catch (PatternSyntaxException e) {
      throw Failure.usage("--include " + pattern + " is no pattern: " + e.getDescription());
    }
    boolean found = false;
    for (String name : walk(root, Set.of(), false)) {
      Path relative = Path.of(name);
      if (file.matches(relative) || below.matches(relative)) {
        add(entries, base, root.resolve(name));
        found = true;
      }
    }
    if (!found) {
      throw Failure.usage(
          "--include "
              + pattern
              + " matches no file below "
              + root
              + " (node_modules do not count)");
    }
  }

  /** As they are installed here; without {@code .bin}, which is links that nothing needs. */
  private static void addPackages(NavigableMap<String, Path> entries, Path base, Path root)
      throws IOException {
    boolean found = false;
    for (Path at : new TreeSet<>(List.of(base, root))) {
      Path modules = at.resolve("node_modules");
      if (Files.isDirectory(modules)) {
        found = true;
        for (Path file : packageFiles(modules)) {
          addPackageFile(entries, base, file);
        }
      }
    }
    if (!found) {
      throw Failure.usage("--with-node-modules: no packages are installed here; run npm ci first");
    }
  }

  private static void addPackageFile(NavigableMap<String, Path> entries, Path base, Path file)
      throws IOException {
    String name = AppWrightProject.slashes(base.relativize(file));
    Path real = Files.isSymbolicLink(file) ? target(base, file, name) : file;
    if (AppWrightProject.slashes(real).contains("/node_modules/.pnpm/")) {
      throw Failure.usage(
          "--with-node-modules: "
              + name
              + " is a link of pnpm's; install with: pnpm install --config.node-linker=hoisted");
    }
    if (Files.isDirectory(real)) {
      // a package of the workspace
      for (String below : walk(real, Set.of(), false)) {
        entries.put(name + "/" + below, contained(base, real.resolve(below), name + "/" + below));
      }
    } else {
      entries.put(name, contained(base, real, name));
    }
  }

  private static List<Path> packageFiles(Path modules) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        modules,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OF_PACKAGES.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** A folder further up that has the lockfile which the project itself lacks. */
  private static Optional<Path> workspace(Path root, Path top) {
    for (Path at = root; at != null && at.startsWith(top); at = at.getParent()) {
      Path here = at;
      if (LOCKFILES.stream().anyMatch(name -> Files.isRegularFile(here.resolve(name)))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static String[] shared(Path base) {
    List<String> shared = new ArrayList<>(OF_A_WORKSPACE);
    shared.addAll(LOCKFILES);
    return shared.stream()
        .filter(name -> Files.isRegularFile(base.resolve(name)))
        .toArray(String[]::new);
  }

  private static void add(NavigableMap<String, Path> entries, Path base, Path file)
      throws IOException {
    String name = AppWrightProject.slashes(base.relativize(file));
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || excluded(base.relativize(file))) {
      return; // deleted, but not yet in git's index
    }
    Path real = Files.isSymbolicLink(file) ? target(base, file, name) : file;
    if (Files.isDirectory(real)) {
      // a submodule, or a link to a folder: git names the folder only
      for (String below : walk(real, Set.of(), false)) {
        entries.put(name + "/" + below, contained(base, real.resolve(below), name + "/" + below));
      }
    } else if (Files.isRegularFile(real)) {
      entries.put(name, contained(base, real, name));
    }
  }

  private static boolean excluded(Path relative) {
    for (Path part : relative) {
      if (NEVER.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  private static Path target(Path base, Path link, String name) throws IOException {
    if (!Files.exists(link)) {
      throw Failure.usage(name + " is a link to nowhere; remove it or have git ignore it");
    }
    Path real = contained(base, link, name);
    if (link.startsWith(real)) {
      throw Failure.usage(name + " is a link to a folder that contains it; have git ignore it");
    }
    return real;
  }

  private static Path contained(Path base, Path file, String name) throws IOException {
    Path real = file.toRealPath();
    if (!real.startsWith(base)) {
      throw Failure.usage(
          name
              + " is a link that leaves the project; put the file itself there or have git ignore it");
    }
    return real;
  }

  private static List<String> walk(Path root, Set<String> not, boolean withoutApps)
      throws IOException {
    List<String> names = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || wanted(folder)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = String.valueOf(file.getFileName());
            if (wanted(file) && !(withoutApps && APPS.stream().anyMatch(name::endsWith))) {
              names.add(AppWrightProject.slashes(root.relativize(file)));
            }
            return FileVisitResult.CONTINUE;
          }

          private boolean wanted(Path path) {
            String name = String.valueOf(path.getFileName());
            return !NEVER.contains(name) && !not.contains(name);
          }
        });
    return names;
  }
}
