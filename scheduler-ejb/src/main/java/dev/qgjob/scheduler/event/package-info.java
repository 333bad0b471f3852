/**
 * Carries what changed at one server to those who watch at any: over the topic {@code events} of
 * the broker, and directly to the watchers of the same server, so that a broker that is away costs
 * the others' events only. A lost event does not matter: watchers read the database now and then.
 */
@NullMarked
package dev.qgjob.scheduler.event;

import org.jspecify.annotations.NullMarked;
