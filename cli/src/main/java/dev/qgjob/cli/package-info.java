/**
 * qgjob as a process: its commands, its exit codes, and how an error becomes one line. Whatever a
 * command touches of the machine (streams, environment, time) it gets handed as {@link
 * dev.qgjob.cli.Surroundings}, so that a test is a run of the whole with other surroundings.
 */
@NullMarked
package dev.qgjob.cli;

import org.jspecify.annotations.NullMarked;
