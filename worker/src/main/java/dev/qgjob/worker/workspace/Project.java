package dev.qgjob.worker.workspace;

import java.nio.file.Path;

/**
 * An AppWright project that is ready to run: a private copy of its sources with the shared
 * dependencies linked in.
 *
 * @param root the bundle's root in the copy
 * @param folder the AppWright project in the copy, a real path
 * @param dependencies the folder that holds the shared {@code node_modules}; the same for every
 *     project with the same lockfile
 * @param node runs it
 * @param compilation what is compiled of it
 */
public record Project(
    Path root, Path folder, Path dependencies, Node node, Compilation compilation) {
  /** Where packages are found from the project. */
  public Path modules() {
    return dependencies.resolve("node_modules");
  }
}
