package dev.qgjob.domain.placement;

import dev.qgjob.domain.access.Sha256;
import dev.qgjob.domain.job.Target;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Figure} is about. An app is a package of an org: its versions take about as long.
 *
 * @param testPath the spec, or null for all of the app
 */
public record FigureKey(
    Kind kind, String orgId, String packageName, Target target, @Nullable String testPath) {
  /** What was measured. */
  public enum Kind {
    /** How long a job runs, without what it set up. */
    RUN,
    /** How long it takes until a slot holds another build. */
    SET_UP
  }

  /** How long this spec runs. */
  public static FigureKey spec(String orgId, String packageName, Target target, String testPath) {
    return new FigureKey(Kind.RUN, orgId, packageName, target, testPath);
  }

  /** How long any spec of the app runs. */
  public static FigureKey run(String orgId, String packageName, Target target) {
    return new FigureKey(Kind.RUN, orgId, packageName, target, null);
  }

  /** How long a set-up of the app takes. */
  public static FigureKey setUp(String orgId, String packageName, Target target) {
    return new FigureKey(Kind.SET_UP, orgId, packageName, target, null);
  }

  /** A short id, the same for equal keys and for no others. */
  public String id() {
    return Sha256.hex(
        kind
            + "\n"
            + orgId
            + "\n"
            + packageName
            + "\n"
            + target
            + "\n"
            + (testPath == null ? "" : "/" + testPath));
  }
}
