package dev.qgjob.protocol.access;

import dev.qgjob.protocol.Role;
import org.jspecify.annotations.Nullable;

/** Who a token speaks for. */
public record Identity(Role role, @Nullable String orgId, @Nullable String workerId) {}
