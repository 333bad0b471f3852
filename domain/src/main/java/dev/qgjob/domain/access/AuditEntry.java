package dev.qgjob.domain.access;

import org.jspecify.annotations.Nullable;

/**
 * One change of who may do what.
 *
 * @param tokenId whose token did it, or null for the installation itself and for one-time codes
 * @param action what was done, e.g. {@code token.created}
 * @param subject id of what it was done to
 * @param detail one line, without secrets
 */
public record AuditEntry(
    @Nullable String tokenId, String action, String subject, @Nullable String detail) {}
