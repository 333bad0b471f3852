/** What became of the work: runs, attempts, tests; written by leases, read by people. */
@NullMarked
package dev.qgjob.domain.report;

import org.jspecify.annotations.NullMarked;
