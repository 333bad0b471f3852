/** Words that protocol and domain share, such as the names of targets and states. */
@NullMarked
package dev.qgjob.api.words;

import org.jspecify.annotations.NullMarked;
