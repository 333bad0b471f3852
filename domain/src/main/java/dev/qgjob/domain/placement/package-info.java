/** Which slot gets which job: the board, the decision, and the tick that carries it out. */
@NullMarked
package dev.qgjob.domain.placement;

import org.jspecify.annotations.NullMarked;
