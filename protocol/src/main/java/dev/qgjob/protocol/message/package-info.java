/** What travels over the broker: ids only; the database has the rest. */
@NullMarked
package dev.qgjob.protocol.message;

import org.jspecify.annotations.NullMarked;
