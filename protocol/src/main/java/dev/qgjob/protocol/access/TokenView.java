package dev.qgjob.protocol.access;

import dev.qgjob.protocol.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A token without its text. */
public record TokenView(
    String tokenId,
    Role role,
    @Nullable String orgId,
    @Nullable String name,
    Instant createdAt,
    @Nullable Instant expiresAt,
    boolean revoked) {}
