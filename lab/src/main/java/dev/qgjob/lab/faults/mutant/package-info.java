/**
 * Whether the matrix sees anything: the same parts with one promise broken on purpose.
 *
 * <p>The room promises that a mutant is the shipped code with one patch of {@code lab/mutants/} and
 * nothing else, built beside it and never into it, and that the unmutated parts pass the very plan
 * that a mutant has to fail.
 */
@NullMarked
package dev.qgjob.lab.faults.mutant;

import org.jspecify.annotations.NullMarked;
