package dev.qgjob.domain.testing;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Target;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The world of the in-memory twins. One lock stands for the transactions. */
public final class InMemoryWorld implements World {
  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore(clock);

  /** The clock, to be ticked. */
  public SettableClock clock() {
    return clock;
  }

  /** The twin behind all four ports. */
  public InMemoryStore store() {
    return store;
  }

  @Override
  public <T> T in(Function<Stores, T> work) {
    synchronized (store) {
      InMemoryStore.Saved before = store.save();
      try {
        return work.apply(new Stores(store, store, store, store, store));
      } catch (RuntimeException | Error e) {
        store.restore(before);
        throw e;
      }
    }
  }

  @Override
  public Caller org(String orgId) {
    return new Caller("tok_" + orgId, Role.SUBMITTER, orgId, null);
  }

  @Override
  public Caller worker(String workerId) {
    store.saveWorker(new Worker(workerId, workerId, 0, null, 0, false, null));
    return new Caller("tok_" + workerId, Role.WORKER, null, workerId);
  }

  @Override
  public void share(String orgId, double weight, @Nullable Integer cap) {
    store.share(orgId, weight, cap);
  }

  @Override
  public void browserStackMinutes(String orgId, int most) {
    store.browserStackMinutes(orgId, most);
  }

  @Override
  public void resource(String orgId, String name, int count) {
    store.resource(new dev.qgjob.domain.placement.Resource(orgId, name, count));
  }

  @Override
  public void cap(Target target, int cap) {
    store.cap(target, cap);
  }

  @Override
  public void blob(String orgId, String sha256, @Nullable String packageName, String... abis) {
    store.blob(orgId, sha256, packageName, abis);
  }

  @Override
  public void close() {}
}
