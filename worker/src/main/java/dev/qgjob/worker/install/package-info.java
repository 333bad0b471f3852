/**
 * Which build each phone holds, and how another gets there.
 *
 * <p>The room promises that a build counts as held only when the phone itself says so, that a
 * version's name or number is never taken for its bytes, and that every install is counted.
 */
@NullMarked
package dev.qgjob.worker.install;

import org.jspecify.annotations.NullMarked;
