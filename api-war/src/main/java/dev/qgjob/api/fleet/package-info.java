/** Workers that register and beat, and the list of their slots, over {@code Fleet}. */
@NullMarked
package dev.qgjob.api.fleet;

import org.jspecify.annotations.NullMarked;
