package dev.qgjob.domain.submit;

import java.util.List;

/** What a submitter calls a version, with the binaries it had, oldest first. */
public record AppVersion(String orgId, String id, List<Build> builds) {
  public AppVersion {
    builds = List.copyOf(builds);
  }
}
