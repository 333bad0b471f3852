/** A slot's right to an attempt: claim, beat, finish, sweep. */
@NullMarked
package dev.qgjob.domain.lease;

import org.jspecify.annotations.NullMarked;
