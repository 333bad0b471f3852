/** What the server knows, for people to read, or as the server said it. */
@NullMarked
package dev.qgjob.cli.show;

import org.jspecify.annotations.NullMarked;
