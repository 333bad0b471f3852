/** Taking work in and cancelling it, over {@code Submissions}. */
@NullMarked
package dev.qgjob.api.submit;

import org.jspecify.annotations.NullMarked;
