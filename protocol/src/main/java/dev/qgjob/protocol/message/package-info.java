/**
 * What travels over the broker: ids only on the queues, since the database has the rest; and
 * between servers, on the topic of events, what changed.
 */
@NullMarked
package dev.qgjob.protocol.message;

import org.jspecify.annotations.NullMarked;
