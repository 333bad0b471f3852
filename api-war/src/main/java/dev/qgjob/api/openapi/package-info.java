/** The API as it describes itself to programs. */
@NullMarked
package dev.qgjob.api.openapi;

import org.jspecify.annotations.NullMarked;
