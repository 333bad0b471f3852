package dev.qgjob.domain.access;

/** What a token may do. */
public enum Role {
  ADMIN,
  SUBMITTER,
  VIEWER,
  WORKER
}
