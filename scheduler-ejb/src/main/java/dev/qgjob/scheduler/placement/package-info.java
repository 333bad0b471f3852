/**
 * The tick: its board as aggregates and heads of groups, its row lock per target, its timer and its
 * nudges.
 */
@NullMarked
package dev.qgjob.scheduler.placement;

import org.jspecify.annotations.NullMarked;
