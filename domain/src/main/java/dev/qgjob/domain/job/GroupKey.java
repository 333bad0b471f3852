package dev.qgjob.domain.job;

/**
 * The waiting jobs of one build for one target. Its text is the message group's id.
 *
 * @param build the build's number within the app version, from 1
 */
public record GroupKey(String orgId, String appVersionId, int build, Target target) {
  /** The same build's jobs on another target. */
  public GroupKey on(Target other) {
    return new GroupKey(orgId, appVersionId, build, other);
  }

  /** What the broker pins to one consumer: org, app version and build. */
  public String messageGroup() {
    return orgId + "/" + appVersionId + "/" + build;
  }
}
