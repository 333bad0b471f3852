package dev.qgjob.cli.bundle;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.project.AppWrightProject;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
  private static final List<String> APPS = List.of(".apk", ".aab", ".ipa");
  private static final List<String> LOCKFILES =
      List.of(
          "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock");
  private static final List<String> OF_A_WORKSPACE =
      List.of("package.json", "pnpm-workspace.yaml", ".npmrc", ".yarnrc.yml", ".nvmrc");

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
    return new ProjectTree(base, dir, entries);
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
