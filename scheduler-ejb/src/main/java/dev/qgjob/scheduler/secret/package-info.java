/** What keeps secrets out of the database. */
@NullMarked
package dev.qgjob.scheduler.secret;

import org.jspecify.annotations.NullMarked;
