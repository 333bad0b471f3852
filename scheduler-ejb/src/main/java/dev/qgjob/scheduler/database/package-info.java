/**
 * What all rooms share of the database: its clock, its schema, ids, and transactions that are tried
 * again where another one got in the way.
 *
 * <p>Sessions are READ COMMITTED, which MySQL's are not by default: under its REPEATABLE READ a
 * guarded update locks the gaps between the rows that it looked at, so that submissions wait for
 * ticks and deadlock with them, and a transaction that waited for a lock goes on to read what was
 * there before it waited. What must not change in between is guarded or locked by name.
 */
@NullMarked
package dev.qgjob.scheduler.database;

import org.jspecify.annotations.NullMarked;
