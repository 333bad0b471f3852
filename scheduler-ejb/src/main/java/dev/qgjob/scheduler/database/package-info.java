/**
 * What all rooms share of the database: its clock, its schema, ids, and transactions that are tried
 * again where another one got in the way.
 */
@NullMarked
package dev.qgjob.scheduler.database;

import org.jspecify.annotations.NullMarked;
