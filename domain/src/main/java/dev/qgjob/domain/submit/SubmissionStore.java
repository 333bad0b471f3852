package dev.qgjob.domain.submit;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.report.Run;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Outbound: what taking work in needs to keep. One transaction spans a desk's call. */
public interface SubmissionStore {
  /** By the store's clock. */
  Instant now();

  /** A new id: time-ordered, unique in the installation. */
  String newId(String prefix);

  boolean hasBlob(String orgId, String sha256);

  /** Reads an uploaded app binary; empty if it is not an Android package. */
  Optional<AppFacts> readApp(String orgId, String sha256);

  Optional<AppVersion> app(String orgId, String appVersionId);

  void addBuild(Build build);

  /** The run that was made under this key. */
  Optional<KeyedRun> byKey(String orgId, String idempotencyKey);

  /** Adds a run with its jobs; false if the key was taken meanwhile (nothing is added then). */
  boolean add(Run run, List<Job> jobs, @Nullable String idempotencyKey, String bodyHash);

  /** The live slots of a target. */
  List<Slot> liveSlots(Target target);

  /** Notes that a run is to be cancelled when nobody waits for it any more. */
  void watch(Watched run);

  /** Notes that somebody waits for a run that is watched. */
  void seen(String runId);

  /** The runs that are watched; some of them may have ended a moment ago. */
  List<Watched> watched();

  /** The scarce resources of an org, by name. */
  List<Resource> resources(String orgId);

  /** What an org may use of BrowserStack in this month; empty: any number. */
  Optional<Minutes> minutes(String orgId);

  /** What was measured; what is missing was not. */
  Map<FigureKey, Figure> figures(Collection<FigureKey> keys);

  Optional<Run> newestRun(String orgId, String appVersionId);

  /**
   * What an app binary says of itself.
   *
   * @param size in bytes
   * @param abis that its native code is for, sorted; empty: it has none
   * @param minSdk the lowest API level that it runs on; 0: it names none
   * @param split which part of a split app it is; null: it is whole
   */
  record AppFacts(
      String packageName,
      @Nullable String versionName,
      long size,
      List<String> abis,
      int minSdk,
      @Nullable String split) {
    public AppFacts {
      abis = List.copyOf(abis);
    }
  }

  /** A run under an idempotency key. */
  record KeyedRun(String runId, String bodyHash) {}
}
