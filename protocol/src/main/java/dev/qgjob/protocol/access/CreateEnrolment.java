package dev.qgjob.protocol.access;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a one-time code with which a worker enrols; valid for {@code ttlS} seconds (default one
 * hour).
 */
public record CreateEnrolment(@Nullable Long ttlS) {}
