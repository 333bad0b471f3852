package dev.qgjob.worker.workspace;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes ready what assignments need, and keeps what the next one needs too. Thread-safe. */
public final class Workspace {
  private final Cache bundles;
  private final Cache apps;
  private final Dependencies dependencies;
  private final Blobs blobs;

  /**
   * A workspace.
   *
   * @param stateDir the worker's own folder; the caches lie in it
   */
  public Workspace(Path stateDir, Blobs blobs, Npm npm) throws IOException {
    Path cache = stateDir.resolve("cache");
    this.bundles = new Cache(cache.resolve("bundles"));
    this.apps = new Cache(cache.resolve("apps"));
    this.dependencies = new Dependencies(new Cache(cache.resolve("dependencies")), npm);
    this.blobs = blobs;
  }

  /**
   * The app's binary under the name it was submitted with.
   *
   * @throws NotReady when it cannot be fetched or is not what its digest says
   */
  public Path app(App app) throws NotReady, InterruptedException {
    try {
      return apps.get(app.sha256(), folder -> fetch(app.sha256(), folder.resolve(app.fileName())))
          .resolve(app.fileName())
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
   */
  public Project project(Assignment assignment, Path into) throws NotReady, InterruptedException {
    try {
      Path bundle =
          bundles.get(
              assignment.bundleSha256(), folder -> unpack(assignment.bundleSha256(), folder));
      Path source = bundle.resolve(assignment.projectDir()).normalize();
      if (!source.startsWith(bundle) || !Files.isDirectory(source)) {
        throw new NotReady(
            FailureKind.SUBMITTER,
            "the bundle has no folder " + assignment.projectDir() + " (--project-dir)");
      }
      Dependencies.Installed installed =
          dependencies.install(bundle, source, assignment.bundleSha256());
      Files.createDirectories(into);
      Path root = into.toRealPath();
      Folders.copySources(bundle, root);
      installed.linkInto(root);
      Path folder = root.resolve(assignment.projectDir()).toRealPath();
      requireFile(folder, assignment.configFile(), "config");
      return new Project(root, folder, installed.folder());
    } catch (IOException e) {
      throw new NotReady(
          FailureKind.INFRASTRUCTURE, "the project cannot be prepared: " + e.getMessage(), e);
    }
  }

  private static void requireFile(Path folder, String name, String what) throws NotReady {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new NotReady(
          FailureKind.SUBMITTER, "the bundle has no " + what + " " + name + " in its project");
    }
  }

  private void unpack(String sha256, Path folder) throws IOException, NotReady {
    Path archive = Files.createTempFile(folder.getParent(), "bundle", ".tar.gz");
    Files.delete(archive);
    try {
      fetch(sha256, archive);
      Archives.unpackTarGz(archive, folder, Archives.Limits.BUNDLE);
    } catch (UnsafeArchive e) {
      throw new NotReady(FailureKind.SUBMITTER, "the bundle is refused: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private void fetch(String sha256, Path destination) throws IOException, NotReady {
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
