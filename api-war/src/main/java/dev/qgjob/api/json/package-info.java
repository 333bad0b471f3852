/** How records become JSON and back: one mapper, so that every resource speaks the same dialect. */
@NullMarked
package dev.qgjob.api.json;

import org.jspecify.annotations.NullMarked;
