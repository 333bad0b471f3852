/**
 * The installation that the faults are done to: database, broker and servers as they ship, and a
 * crew of stub workers, each behind links of its own.
 *
 * <p>The room promises that everything runs on loopback below one folder, that only processes which
 * it started are signalled, each by its number, and that all of them are ended at the end, also
 * after a failure.
 */
@NullMarked
package dev.qgjob.lab.faults.site;

import org.jspecify.annotations.NullMarked;
