/** Claims and finishes of workers, over {@code Leases}. */
@NullMarked
package dev.qgjob.api.lease;

import org.jspecify.annotations.NullMarked;
