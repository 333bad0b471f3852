package dev.qgjob.protocol.access;

import java.time.Instant;

/** A tenant. */
public record OrgView(String orgId, String name, Instant createdAt) {}
