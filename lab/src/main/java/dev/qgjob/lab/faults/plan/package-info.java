/**
 * What will be done in one run of the matrix: which jobs are submitted when, and which faults
 * strike whom.
 *
 * <p>The room promises that a seed and a size give the same plan, always, and that a plan is
 * bounded.
 */
@NullMarked
package dev.qgjob.lab.faults.plan;

import org.jspecify.annotations.NullMarked;
