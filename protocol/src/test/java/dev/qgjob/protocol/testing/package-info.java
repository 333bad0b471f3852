/** What tests of several modules need. */
@NullMarked
package dev.qgjob.protocol.testing;

import org.jspecify.annotations.NullMarked;
