package dev.qgjob.domain.testing;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.submit.SubmissionStore;
import java.util.function.Function;

/**
 * Where a contract's tests live: fresh stores, and what must be there before jobs can be. Each
 * implementation of the stores brings its own.
 */
public interface World extends AutoCloseable {
  /** Runs in one transaction; an exception rolls it back. */
  <T> T in(Function<Stores, T> work);

  /** Makes a tenant and a token of it. */
  Caller org(String orgId);

  /** Enrols a worker, not yet registered. */
  Caller worker(String workerId);

  /** Sets what an org may use of the slots; {@code cap} null: no cap. */
  void share(String orgId, double weight, @org.jspecify.annotations.Nullable Integer cap);

  /** Sets how many minutes of BrowserStack an org may use in a month. */
  void browserStackMinutes(String orgId, int most);

  /** Says how many jobs of an org may use something at once. */
  void resource(String orgId, String name, int count);

  /** Limits how many jobs run at once on a target. */
  void cap(Target target, int cap);

  /**
   * Puts a blob into the org's store that reads as an app of this package with native code for
   * these ABIs, or as no app if null.
   */
  void blob(
      String orgId,
      String sha256,
      @org.jspecify.annotations.Nullable String packageName,
      String... abis);

  @Override
  void close();

  /** The stores of one transaction. */
  record Stores(
      JobStore jobs,
      FleetStore fleet,
      BoardStore boards,
      SubmissionStore submissions,
      Books books) {}
}
