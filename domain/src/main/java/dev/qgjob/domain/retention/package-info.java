/**
 * What is kept, and for how long.
 *
 * <p>The room promises that only what has ended goes, that bytes go after the last row that names
 * them, and that whoever names them meanwhile keeps them.
 */
@NullMarked
package dev.qgjob.domain.retention;

import org.jspecify.annotations.NullMarked;
