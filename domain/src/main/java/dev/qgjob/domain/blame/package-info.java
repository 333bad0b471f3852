/**
 * Whose fault it was, where two attempts of a job disagree: a test that failed on one slot and
 * passed on another one casts doubt on the first; one that failed with cleared data and passed on a
 * new install leaks state, and its spec is run on new installs from then on. Nothing here changes a
 * verdict.
 */
@NullMarked
package dev.qgjob.domain.blame;

import org.jspecify.annotations.NullMarked;
