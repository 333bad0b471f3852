/** Claims and finishes: how a slot gets a job and gives back its result. */
@NullMarked
package dev.qgjob.protocol.lease;

import org.jspecify.annotations.NullMarked;
