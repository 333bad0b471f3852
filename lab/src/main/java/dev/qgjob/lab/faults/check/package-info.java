/**
 * What a history and the database at its end prove: the figures, and which of them fall short.
 *
 * <p>The room promises to be pure: the same events and rows give the same figures, and nothing but
 * events and rows is asked. Where two clocks meet, the database's decides about leases, and the
 * history's time line about everything else.
 */
@NullMarked
package dev.qgjob.lab.faults.check;

import org.jspecify.annotations.NullMarked;
