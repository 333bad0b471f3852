package dev.qgjob.domain.access;

import org.jspecify.annotations.Nullable;

/**
 * Who speaks: what a token stands for.
 *
 * @param orgId null for admins and workers, which belong to the installation
 * @param workerId of a worker's token, else null
 */
public record Caller(String tokenId, Role role, @Nullable String orgId, @Nullable String workerId) {
  /** True where the caller may see what belongs to this org. */
  public boolean sees(String org) {
    return switch (role) {
      case ADMIN, WORKER -> true;
      case SUBMITTER, UNTRUSTED, VIEWER -> org.equals(orgId);
    };
  }
}
