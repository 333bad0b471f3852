/**
 * The desks under deterministic simulation: store, broker, network, clocks and randomness in
 * memory, all from one seed, with everything injected that can go wrong between them.
 *
 * <p>The room promises that a seed always tells the same story, so that a failure can be replayed
 * and read; and that what it checks it checks from its own book, not from the words of the desks.
 */
@NullMarked
package dev.qgjob.domain.simulation;

import org.jspecify.annotations.NullMarked;
