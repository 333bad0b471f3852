package dev.qgjob.domain.simulation;

import dev.qgjob.domain.testing.InMemoryStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One database for all servers: transactions that commit or roll back, the locks that they hold,
 * and pauses within them in which everybody else goes on (as under READ COMMITTED).
 *
 * <p>A transaction pauses before its first write only: after it, others would see what is not
 * committed, which no database shows them.
 */
final class Database {
  /** What a transaction is for. */
  enum Kind {
    CLAIM,
    FINISH,
    BEAT,
    REGISTER,
    LEAVE,
    SUBMIT,
    CANCEL,
    TICK,
    SWEEP
  }

  /** A transaction that is not at its end. */
  static final class Transaction {
    final Kind kind;
    final Server server;
    final int serverStart;
    final @Nullable String worker;
    private final @Nullable String proof;
    final boolean mayRollBack;
    private final @Nullable Transaction outer;
    private final Set<String> locks = new HashSet<>(4);
    private InMemoryStore.@Nullable Saved before;
    private final List<Runnable> notes = new ArrayList<>(4);
    private boolean wrote;

    Transaction(
        Kind kind,
        Server server,
        @Nullable String worker,
        @Nullable String proof,
        boolean mayRollBack,
        @Nullable Transaction outer) {
      this.kind = kind;
      this.server = server;
      this.serverStart = server.start();
      this.worker = worker;
      this.proof = proof;
      this.mayRollBack = mayRollBack;
      this.outer = outer;
    }

    /** What a registration shows of its state folder. */
    @Nullable String proof() {
      return proof;
    }
  }

  private final Simulation world;
  private final InMemoryStore rows;
  private boolean up = true;
  private int starts;
  private @Nullable Transaction current;
  private long pausedUntil;

  Database(Simulation world, InMemoryStore rows) {
    this.world = world;
    this.rows = rows;
  }

  boolean up() {
    return up;
  }

  void up(boolean there) {
    up = there;
    if (!there) {
      starts++;
    }
  }

  @Nullable Transaction current() {
    return current;
  }

  /** True while a paused transaction holds the lock: who needs it waits. */
  boolean locked(@Nullable String lock) {
    if (lock == null) {
      return false;
    }
    for (Transaction t = current; t != null; t = t.outer) {
      if (t.locks.contains(lock)) {
        return true;
      }
    }
    return false;
  }

  /** When the paused transaction goes on. */
  long pausedUntil() {
    return pausedUntil;
  }

  <T> T in(
      Kind kind,
      Server server,
      @Nullable String worker,
      @Nullable String proof,
      boolean mayRollBack,
      Supplier<T> work,
      Runnable beforeCommit) {
    if (!up) {
      throw new Down("no database");
    }
    Transaction mine = new Transaction(kind, server, worker, proof, mayRollBack, current);
    current = mine;
    boolean committed = false;
    int begun = starts;
    try {
      T result = work.get();
      if (starts != begun || server.start() != mine.serverStart) {
        throw new Down("it went away before the commit");
      }
      beforeCommit.run();
      committed = true;
      mine.notes.forEach(Runnable::run);
      return result;
    } catch (RuntimeException e) {
      if (!committed && mine.wrote && mine.before == null) {
        throw new IllegalStateException("nobody thought that it would fail: " + e, e);
      }
      throw e;
    } finally {
      current = mine.outer;
      if (!committed && mine.before != null) {
        rows.restore(mine.before);
      }
    }
  }

  /** What the referee is to know if this transaction commits. */
  void note(Runnable note) {
    Objects.requireNonNull(current).notes.add(note);
  }

  /** Called before every write. */
  void writing() {
    Transaction mine = current;
    if (mine == null) {
      throw new IllegalStateException("a write outside of a transaction");
    }
    if (mine.wrote) {
      return;
    }
    if (mine.outer == null && world.chance().of(world.plan().stalls)) {
      pause(mine);
    }
    mine.wrote = true;
    if (mine.mayRollBack) {
      mine.before = rows.save();
    }
  }

  private void pause(Transaction mine) {
    // a finish that waits while its worker falls silent is what the guard on the lease is for
    boolean finish = mine.kind == Kind.FINISH;
    long length =
        world.chance().of(finish ? 0.6 : 0.9)
            ? world.chance().between(1, 30)
            : world.chance().between(1, world.plan().lease * 3 / 2);
    if (length > world.plan().lease / 8) {
      world.referee().disturbed();
      if (finish && mine.worker != null) {
        world.host(mine.worker).cutFromServers(length);
      }
    }
    if (world.trace().on()) {
      world.trace().say(mine.server.name(), mine.kind + " pauses for " + length + " ms");
    }
    int begun = starts;
    pausedUntil = world.agenda().now() + length;
    world.agenda().runUntil(pausedUntil);
    if (starts != begun || mine.server.start() != mine.serverStart) {
      throw new Down("it went away meanwhile");
    }
    if (world.trace().on()) {
      world.trace().say(mine.server.name(), mine.kind + " goes on");
    }
  }

  /** A sweep, which nobody waits for, comes again instead of waiting itself. */
  void holdsLock(String lock) {
    if (current != null && current.kind == Kind.SWEEP && locked(lock)) {
      throw new Down("the sweep comes again: somebody else holds " + lock);
    }
    if (current == null || locked(lock)) {
      throw new IllegalStateException("a lock that somebody else holds: " + lock);
    }
    current.locks.add(lock);
  }

  boolean tryLock(String lock) {
    if (locked(lock)) {
      return false;
    }
    holdsLock(lock);
    return true;
  }
}
