/** Whether this server can take work now; the one room that asks for no token. */
@NullMarked
package dev.qgjob.api.health;

import org.jspecify.annotations.NullMarked;
