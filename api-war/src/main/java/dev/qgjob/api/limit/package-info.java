/** What bounds how much of the server one org may hold at a time. */
@NullMarked
package dev.qgjob.api.limit;

import org.jspecify.annotations.NullMarked;
