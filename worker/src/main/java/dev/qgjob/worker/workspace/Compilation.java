package dev.qgjob.worker.workspace;

import dev.qgjob.worker.run.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Playwright and Node compile of a project's code, kept for the next run: both know a file by
 * its path, so it is of use at the same place only. A test could write here what another run would
 * execute. So it is for runs that would execute the same anyway: of the same bundle, with the same
 * config, variables and secrets. For one run at a time, and one thread.
 */
public final class Compilation {
  static final String KIND = "compiled";

  private static final Logger log = LoggerFactory.getLogger(Compilation.class);

  /** Bytes; a project's sources are compiled to less, and the rest of a cache is worth more. */
  private static final long MOST = 64L << 20;

  private final Cache cache;
  private final String key;
  private final Path folder;

  private Compilation(Cache cache, String key, Path folder) {
    this.cache = cache;
    this.key = key;
    this.folder = folder;
  }

  /**
   * Brings what an earlier run left, if there is any.
   *
   * @param place where the project lies
   * @param folder where it is brought to; does not exist yet
   */
  static Compilation of(Cache cache, Assignment like, Path place, Path folder) {
    Compilation compilation = new Compilation(cache, key(like, place), folder);
    try {
      boolean unused = cache.take(KIND, compilation.key, folder);
    } catch (IOException e) {
      log.debug("what was compiled before cannot be had: {}", e.toString());
    }
    return compilation;
  }

  private static String key(Assignment like, Path place) {
    StringBuilder all = new StringBuilder();
    for (String part :
        new String[] {
          place.toString(),
          like.bundleSha256(),
          like.projectDir(),
          like.configFile(),
          like.projectName(),
          Boolean.toString(like.stock())
        }) {
      all.append(part).append('\0');
    }
    append(all, like.environment());
    append(all, like.secrets());
    return Digests.sha256(all.toString());
  }

  private static void append(StringBuilder all, Map<String, String> variables) {
    all.append(variables.size()).append('\0');
    new TreeMap<>(variables)
        .forEach((name, value) -> all.append(name).append('\0').append(value).append('\0'));
  }

  /** Variables that lead Playwright and Node there. */
  public Map<String, String> environment() {
    return Map.of(
        "PWTEST_CACHE_DIR", folder.resolve("playwright").toString(),
        "NODE_COMPILE_CACHE", folder.resolve("node").toString());
  }

  /** Keeps it; nothing writes to it any more, and what was begun there is whole. */
  public void keep() {
    try {
      if (Files.isDirectory(folder) && Folders.size(folder) <= MOST) {
        cache.give(KIND, key, folder);
      }
    } catch (IOException e) {
      log.debug("{} is not kept: {}", folder, e.toString());
    }
  }
}
