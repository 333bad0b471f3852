/** Decides again what a server decided, with the placement of today. */
@NullMarked
package dev.qgjob.lab.replay;

import org.jspecify.annotations.NullMarked;
