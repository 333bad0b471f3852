/**
 * Figures, the bars that they have to reach, and how both are told: one table for people and one
 * JSON file for programs, whatever was measured.
 */
@NullMarked
package dev.qgjob.lab.figure;

import org.jspecify.annotations.NullMarked;
