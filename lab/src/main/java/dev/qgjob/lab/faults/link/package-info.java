/**
 * The wires between workers and servers, in our hands: each worker reaches API and broker over
 * links of its own, which can stand still in one direction or both, be slow, break, or lose one
 * answer.
 *
 * <p>The room promises that a link forwards every byte in order while it is open, that what stood
 * still arrives late and not never (as a real network sends again), and that every request that
 * matters to a lease is written into the history with what the server answered, even where the
 * worker never got to see it.
 */
@NullMarked
package dev.qgjob.lab.faults.link;

import org.jspecify.annotations.NullMarked;
