/** What those who watch a run are told, over HTTP and between servers. */
@NullMarked
package dev.qgjob.protocol.event;

import org.jspecify.annotations.NullMarked;
