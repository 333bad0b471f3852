/**
 * The shipped parts as processes: server, simulated phones, worker, CLI, each started as a user
 * would start it, on free ports, with its output in a file, and ended for certain.
 */
@NullMarked
package dev.qgjob.lab.stack;

import org.jspecify.annotations.NullMarked;
