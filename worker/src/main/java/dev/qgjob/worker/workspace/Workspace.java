package dev.qgjob.worker.workspace;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes ready what assignments need, and keeps what the next one needs too, up to a limit.
 * Thread-safe.
 */
public final class Workspace {
  /** Bytes of bundles, apps and packages that are kept where nobody says otherwise. */
  public static final long USUAL_LIMIT = 20_000_000_000L;

  private final Cache cache;
  private final Seals seals = new Seals();
  private final Compilation.Shelf compiled;
  private final Nodes nodes;
  private final Dependencies dependencies;
  private final Blobs blobs;

  /** Not "apps", where earlier workers kept them under the names they came with. */
  private static final String APPS = "binaries";

  private static final String BINARY = "app.apk";

  /**
   * A workspace.
   *
   * @param stateDir the worker's own folder; the caches lie in it
   */
  public Workspace(Path stateDir, Blobs blobs, Npm npm) throws IOException {
    this(stateDir, blobs, npm, USUAL_LIMIT, folder -> {});
  }

  /**
   * A workspace with a limit.
   *
   * @param most bytes of bundles, apps and packages that are kept; what is in use may exceed it
   * @param beforeRemoval ends what was started from a folder that is about to go
   */
  public Workspace(Path stateDir, Blobs blobs, Npm npm, long most, Consumer<Path> beforeRemoval)
      throws IOException {
    this.cache =
        new Cache(
            stateDir.resolve("cache"),
            Set.of("bundles", "apps", APPS, "dependencies", Nodes.KIND, Compilation.Shelf.KIND),
            most,
            beforeRemoval,
            InstantSource.system());
    this.compiled = new Compilation.Shelf(cache);
    this.nodes = new Nodes(cache, npm, npm.environment());
    this.dependencies = new Dependencies(cache, npm);
    this.blobs = blobs;
  }

  /**
   * The app's binary, under one name whatever it was submitted as: the same bytes come under many.
   *
   * @param uses keep it where it is
   * @throws NotReady when it cannot be fetched or is not what its digest says
   */
  public Path app(App app, Uses uses) throws NotReady, InterruptedException {
    try {
      return uses.add(
              cache.use(
                  APPS,
                  app.sha256(),
                  folder -> {
                    fetch(app.sha256(), folder.resolve(BINARY));
                    Folders.protect(folder);
                  },
                  folder -> seals.isIntact(folder.resolve(BINARY), app.sha256())))
          .folder()
          .resolve(BINARY)
          .toRealPath();
    } catch (IOException e) {
      throw new NotReady(
          FailureKind.INFRASTRUCTURE, "the app cannot be fetched: " + e.getMessage(), e);
    }
  }

  /**
   * A fresh copy of the assignment's project, ready to run.
   *
   * @param into folder that does not exist yet
   * @param uses keep its packages where they are
   */
  public Project project(Assignment assignment, Path into, Uses uses)
      throws NotReady, InterruptedException {
    try {
      Path bundle =
          uses.add(
                  cache.use(
                      "bundles",
                      assignment.bundleSha256(),
                      folder -> unpack(assignment.bundleSha256(), folder),
                      Seals::isIntact))
              .folder()
              .resolve(Seals.TREE);
      Path source = bundle.resolve(assignment.projectDir()).normalize();
      if (!source.startsWith(bundle) || !Files.isDirectory(source)) {
        throw new NotReady(
            FailureKind.SUBMITTER,
            "the bundle has no folder " + assignment.projectDir() + " (--project-dir)");
      }
      Node node = nodes.of(bundle, source, uses);
      Dependencies.Installed installed =
          dependencies.install(
              bundle, source, assignment.bundleSha256(), assignment.variables(), node, uses);
      Files.createDirectories(into);
      Path root = into.toRealPath();
      Folders.copySources(bundle, root);
      installed.linkInto(root);
      Path folder = root.resolve(assignment.projectDir()).toRealPath();
      requireFile(folder, assignment.configFile(), "config");
      return new Project(
          root,
          folder,
          installed.folder(),
          node,
          compilation(assignment, folder, into.resolveSibling("compiled")));
    } catch (IOException e) {
      throw new NotReady(
          FailureKind.INFRASTRUCTURE, "the project cannot be prepared: " + e.getMessage(), e);
    }
  }

  /**
   * What was compiled of the assignment's project in an earlier run.
   *
   * @param place where the project lies
   * @param folder does not exist yet
   */
  public Compilation compilation(Assignment assignment, Path place, Path folder) {
    return compiled.compilation(assignment, place, folder);
  }

  private static void requireFile(Path folder, String name, String what) throws NotReady {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new NotReady(
          FailureKind.SUBMITTER, "the bundle has no " + what + " " + name + " in its project");
    }
  }

  private void unpack(String sha256, Path folder)
      throws IOException, NotReady, InterruptedException {
    Path archive = Files.createTempFile(folder.getParent(), "bundle", ".tar.gz");
    Files.delete(archive);
    try {
      fetch(sha256, archive);
      Path tree = Files.createDirectory(folder.resolve(Seals.TREE));
      Archives.unpackTarGz(archive, tree, Archives.Limits.BUNDLE);
      Seals.seal(folder);
      Folders.protect(folder);
    } catch (UnsafeArchive e) {
      throw new NotReady(FailureKind.SUBMITTER, "the bundle is refused: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private void fetch(String sha256, Path destination)
      throws IOException, NotReady, InterruptedException {
    blobs.fetch(sha256, destination);
    String found = Digests.sha256(destination);
    if (!found.equals(sha256)) {
      Files.deleteIfExists(destination);
      throw new NotReady(
          FailureKind.INFRASTRUCTURE,
          "the server sent other bytes than " + sha256 + " for it: their digest is " + found);
    }
  }
}
