/**
 * What the parts cost, measured as they ship and beside what one would use without them: every
 * figure carries the machine's load at its time, and every bar is checked in the same run.
 */
@NullMarked
package dev.qgjob.lab.bench;

import org.jspecify.annotations.NullMarked;
