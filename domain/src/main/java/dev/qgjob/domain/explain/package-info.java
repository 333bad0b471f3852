/** Why a job is where it is: the one thing that holds it up, and when it is expected to start. */
@NullMarked
package dev.qgjob.domain.explain;

import org.jspecify.annotations.NullMarked;
