package dev.qgjob.api.words;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestStatus;
import org.jspecify.annotations.Nullable;

/**
 * The same word on both sides of the edge. Protocol and domain name their constants alike (a test
 * keeps it so) and stay free of each other.
 */
public final class Words {
  private Words() {}

  public static dev.qgjob.domain.job.Target target(Target target) {
    return dev.qgjob.domain.job.Target.valueOf(target.name());
  }

  public static Target target(dev.qgjob.domain.job.Target target) {
    return Target.valueOf(target.name());
  }

  public static dev.qgjob.domain.job.JobState state(JobState state) {
    return dev.qgjob.domain.job.JobState.valueOf(state.name());
  }

  public static JobState state(dev.qgjob.domain.job.JobState state) {
    return JobState.valueOf(state.name());
  }

  public static dev.qgjob.domain.job.@Nullable FailureKind kind(@Nullable FailureKind kind) {
    return kind == null ? null : dev.qgjob.domain.job.FailureKind.valueOf(kind.name());
  }

  public static @Nullable FailureKind kind(dev.qgjob.domain.job.@Nullable FailureKind kind) {
    return kind == null ? null : FailureKind.valueOf(kind.name());
  }

  /** Null for a whole spec. */
  public static @Nullable Part part(dev.qgjob.domain.job.Part part) {
    return part.whole() ? null : new Part(part.number(), part.of());
  }

  public static dev.qgjob.domain.access.Role role(Role role) {
    return dev.qgjob.domain.access.Role.valueOf(role.name());
  }

  public static Role role(dev.qgjob.domain.access.Role role) {
    return Role.valueOf(role.name());
  }

  public static dev.qgjob.domain.report.ResetPolicy reset(ResetPolicy reset) {
    return dev.qgjob.domain.report.ResetPolicy.valueOf(reset.name());
  }

  public static ResetPolicy reset(dev.qgjob.domain.report.ResetPolicy reset) {
    return ResetPolicy.valueOf(reset.name());
  }

  public static dev.qgjob.domain.report.TestStatus status(TestStatus status) {
    return dev.qgjob.domain.report.TestStatus.valueOf(status.name());
  }

  public static TestStatus status(dev.qgjob.domain.report.TestStatus status) {
    return TestStatus.valueOf(status.name());
  }
}
