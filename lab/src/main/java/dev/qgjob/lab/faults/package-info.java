/**
 * The fault matrix: thousands of jobs on the shipped parts while workers, servers, broker, database
 * and the wires between them break, and the proof of what was promised meanwhile.
 *
 * <p>The room promises that a run is bounded in time, that its seed makes the same plan again, and
 * that its exit code says whether every figure is what it has to be.
 */
@NullMarked
package dev.qgjob.lab.faults;

import org.jspecify.annotations.NullMarked;
