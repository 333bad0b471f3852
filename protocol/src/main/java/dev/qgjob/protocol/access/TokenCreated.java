package dev.qgjob.protocol.access;

import dev.qgjob.protocol.Role;
import org.jspecify.annotations.Nullable;

/** A new token; its text is told this once and kept only as a hash. */
public record TokenCreated(String tokenId, String token, Role role, @Nullable String orgId) {}
