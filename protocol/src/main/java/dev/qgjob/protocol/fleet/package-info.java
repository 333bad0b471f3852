/** Workers and their slots: registration and beats. */
@NullMarked
package dev.qgjob.protocol.fleet;

import org.jspecify.annotations.NullMarked;
