package dev.qgjob.domain.access;

import java.time.Instant;

/** A tenant. */
public record Org(String id, String name, Instant createdAt) {}
