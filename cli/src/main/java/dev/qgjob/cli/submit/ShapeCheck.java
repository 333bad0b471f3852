package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.project.AppWrightProject;
import dev.qgjob.client.appwright.AppWrightShape;
import java.io.IOException;
import java.util.Optional;

/** Looks at the files of the AppWright that is installed in the project. */
final class ShapeCheck implements ProjectCheck {
  @Override
  public Optional<String> refusal(AppWrightProject project) {
    try {
      return AppWrightShape.refusal(project.root());
    } catch (IOException e) {
      throw Failure.usage(
          "the AppWright installed in " + project.root() + " cannot be read: " + e.getMessage());
    }
  }
}
