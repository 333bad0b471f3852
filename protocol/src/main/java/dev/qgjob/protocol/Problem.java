package dev.qgjob.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An error as {@code application/problem+json} (RFC 9457).
 *
 * @param type stable name of the kind of problem, such as {@code unknown-job}
 * @param title what is wrong, in one line
 * @param status the HTTP status
 * @param detail where and why, or null
 * @param field the field at fault, or null
 * @param action what to do about it, or null
 * @param correlationId finds this request in the server's log
 */
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    @Nullable String field,
    @Nullable String action,
    @Nullable String correlationId) {}
