package dev.qgjob.protocol.submit;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** An app version and its builds, newest last. */
public record AppVersionView(String orgId, String appVersionId, List<BuildView> builds) {
  public AppVersionView {
    builds = Wire.orEmpty(builds);
  }
}
