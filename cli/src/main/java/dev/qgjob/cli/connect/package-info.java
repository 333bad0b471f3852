/**
 * Which server is spoken to, and as whom. Promises that a token goes to the server it was given for
 * and to no other, and that it is kept where only its owner reads it.
 */
@NullMarked
package dev.qgjob.cli.connect;

import org.jspecify.annotations.NullMarked;
