/** What an installation may set, by system property or environment; each with its default. */
@NullMarked
package dev.qgjob.scheduler.setting;

import org.jspecify.annotations.NullMarked;
