package dev.qgjob.worker.link;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A message that says nothing that a worker knows.
 *
 * @param excerpt its beginning, as it came; null where it has no text, or too much of it
 * @param receipt tells the broker that it is done with
 * @param current false once the broker gives it out again
 */
public record Unreadable(
    String queue,
    String reason,
    @Nullable String excerpt,
    Runnable receipt,
    BooleanSupplier current) {}
