/**
 * The worker's two lines: HTTP to the server, JMS to the broker.
 *
 * <p>The room promises that every request ends within a bounded time in one of a few named answers,
 * that a message is acknowledged singly and only when its fate is known, and that a broken broker
 * connection is thrown away whole and built anew: what a broken one had delivered is forgotten.
 */
@NullMarked
package dev.qgjob.worker.link;

import org.jspecify.annotations.NullMarked;
