/**
 * A worker that runs nothing: the shipped worker with a stub in the place of AppWright.
 *
 * <p>The room promises that everything but the tests themselves is what ships (registration, beats,
 * leases, claims, reports, the broker's link, child processes), that a spec's name alone says what
 * happens to its job, and that every start and end is written down by the machine's monotonic
 * clock, which all processes of one machine share.
 */
@NullMarked
package dev.qgjob.lab.stub;

import org.jspecify.annotations.NullMarked;
