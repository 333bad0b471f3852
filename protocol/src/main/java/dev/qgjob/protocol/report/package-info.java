/** What became of the work: runs, jobs, attempts, tests, artefacts. */
@NullMarked
package dev.qgjob.protocol.report;

import org.jspecify.annotations.NullMarked;
