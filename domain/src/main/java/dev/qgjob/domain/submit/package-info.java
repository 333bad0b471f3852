/** Taking work in: a run and its jobs in one transaction, or a clear no. */
@NullMarked
package dev.qgjob.domain.submit;

import org.jspecify.annotations.NullMarked;
