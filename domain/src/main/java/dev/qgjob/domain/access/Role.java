package dev.qgjob.domain.access;

/** What a token may do. */
public enum Role {
  ADMIN,
  SUBMITTER,
  /** Submits for strangers: without secrets, and only to slots that are marked for it. */
  UNTRUSTED,
  VIEWER,
  WORKER
}
