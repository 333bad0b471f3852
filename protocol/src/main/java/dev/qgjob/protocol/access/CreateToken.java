package dev.qgjob.protocol.access;

import dev.qgjob.protocol.Role;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a token of an org; {@code role} is submitter or viewer. Expires after {@code ttlS}
 * seconds, or never.
 */
public record CreateToken(Role role, @Nullable String name, @Nullable Long ttlS) {}
