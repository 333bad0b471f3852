package dev.qgjob.worker.workspace;

import java.util.ArrayList;
import java.util.List;

/** What one run uses of the caches; given back when it closes. For one thread. */
public final class Uses implements AutoCloseable {
  private final List<Cache.Use> uses = new ArrayList<>();

  Cache.Use add(Cache.Use use) {
    uses.add(use);
    return use;
  }

  @Override
  public void close() {
    uses.forEach(Cache.Use::close);
    uses.clear();
  }
}
