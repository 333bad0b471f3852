/** Workers and slots as rows; registrations and beats of one worker take turns on its row. */
@NullMarked
package dev.qgjob.scheduler.fleet;

import org.jspecify.annotations.NullMarked;
