package dev.qgjob.domain.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A token without its text. */
public record TokenInfo(
    String id,
    Role role,
    @Nullable String orgId,
    @Nullable String workerId,
    @Nullable String name,
    Instant createdAt,
    @Nullable Instant expiresAt,
    boolean revoked) {}
