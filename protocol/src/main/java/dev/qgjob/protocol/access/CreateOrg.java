package dev.qgjob.protocol.access;

import org.jspecify.annotations.Nullable;

/** Makes a tenant. {@code orgId}: 1 to 64 of {@code a-z 0-9 - _ .} */
public record CreateOrg(String orgId, @Nullable String name) {}
