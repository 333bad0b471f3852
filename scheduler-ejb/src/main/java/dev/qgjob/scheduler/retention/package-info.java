/** What has grown old in database and files, and the timer that takes it away. */
@NullMarked
package dev.qgjob.scheduler.retention;

import org.jspecify.annotations.NullMarked;
