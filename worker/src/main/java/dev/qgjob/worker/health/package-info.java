/**
 * Whether a phone is fit for work, and what is done when it is not.
 *
 * <p>The room promises that what a phone's own tools print is judged in one place, that one rule
 * says when a slot is withheld and when it is tried again, and that nobody's job is claimed for a
 * phone that is known to be unfit.
 */
@NullMarked
package dev.qgjob.worker.health;

import org.jspecify.annotations.NullMarked;
