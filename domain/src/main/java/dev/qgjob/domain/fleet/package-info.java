/** Workers and their slots: who is there, what they hold, what they wait for. */
@NullMarked
package dev.qgjob.domain.fleet;

import org.jspecify.annotations.NullMarked;
