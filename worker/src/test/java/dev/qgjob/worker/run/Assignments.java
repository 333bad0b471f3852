package dev.qgjob.worker.run;

import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Jobs for tests that care for little of them. */
public final class Assignments {
  private Assignments() {}

  /** A first attempt at a whole spec, of a project at the bundle's root, within a minute. */
  public static Assignment of(
      String id, String spec, String project, String bundleSha256, App app, Target target) {
    return of(id, spec, project, bundleSha256, app, target, Map.of(), Map.of());
  }

  /** The same with variables and secrets. */
  public static Assignment of(
      String id,
      String spec,
      String project,
      String bundleSha256,
      App app,
      Target target,
      Map<String, String> environment,
      Map<String, String> secrets) {
    return new Assignment(
        id,
        "run-1",
        1,
        spec,
        "",
        "appwright.config.js",
        project,
        bundleSha256,
        app,
        target,
        ResetPolicy.CLEAR_DATA,
        false,
        TestFilter.ALL,
        Duration.ofMinutes(1),
        environment,
        secrets,
        List.of(),
        null,
        List.of());
  }
}
