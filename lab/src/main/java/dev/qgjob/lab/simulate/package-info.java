/**
 * The deterministic simulation of the server's decisions, many seeds of it. What is simulated lives
 * with the decisions, in domain's tests; this room plays seeds and tells what came of them.
 */
@NullMarked
package dev.qgjob.lab.simulate;

import org.jspecify.annotations.NullMarked;
