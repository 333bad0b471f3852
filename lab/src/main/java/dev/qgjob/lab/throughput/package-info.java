/**
 * How many jobs a second the server takes in and carries through, and how long one waits for its
 * claim: beside db-scheduler and JobRunr, and beside what plain JDBC and plain JMS could do, all in
 * one run, in turn, on one MySQL.
 */
@NullMarked
package dev.qgjob.lab.throughput;

import org.jspecify.annotations.NullMarked;
