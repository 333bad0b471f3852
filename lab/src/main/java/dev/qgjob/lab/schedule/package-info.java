/**
 * The scheduling simulator: the server's own placement, dispatcher and lease desk over workloads in
 * virtual time, beside what else one could do with the same work.
 */
@NullMarked
package dev.qgjob.lab.schedule;

import org.jspecify.annotations.NullMarked;
