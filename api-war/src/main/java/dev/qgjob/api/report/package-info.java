/** Reading what became of the work, over {@code Reports}. */
@NullMarked
package dev.qgjob.api.report;

import org.jspecify.annotations.NullMarked;
