package dev.qgjob.protocol.submit;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** The app versions of the newest builds, newest first, each with its newest builds. */
public record AppList(List<AppVersionView> apps) {
  public AppList {
    apps = Wire.orEmpty(apps);
  }
}
