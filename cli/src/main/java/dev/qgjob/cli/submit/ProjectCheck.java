package dev.qgjob.cli.submit;

import dev.qgjob.cli.project.AppWrightProject;
import java.util.Optional;

/**
 * Would a worker know this project's AppWright well enough to keep the app installed between tests?
 * Asked before anything is uploaded, unless the submitter wants AppWright as it is.
 */
public interface ProjectCheck {

  /** Why not, in one line with what to do; empty if it would, or if that cannot be told here. */
  Optional<String> refusal(AppWrightProject project);
}
