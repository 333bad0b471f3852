/**
 * What comes before a request has a thread. Threads and memory are everybody's, and whoever reaches
 * the port may send a body as slowly, as large and as often as it likes, without a token too: here
 * is what it gets of them.
 */
@NullMarked
package dev.qgjob.api.door;

import org.jspecify.annotations.NullMarked;
