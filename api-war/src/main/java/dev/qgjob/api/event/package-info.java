/**
 * Watching a run as server-sent events. A stream begins with the run as it is, so a reconnect loses
 * nothing whatever its {@code Last-Event-ID}; events that get lost on their way are made up for by
 * reading the run now and then.
 */
@NullMarked
package dev.qgjob.api.event;

import org.jspecify.annotations.NullMarked;
