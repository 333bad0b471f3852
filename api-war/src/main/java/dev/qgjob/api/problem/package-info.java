/**
 * How a request is refused: every error becomes one {@code application/problem+json} that says what
 * is wrong, where, and what to do. What the server knows of the cause stays in its log.
 */
@NullMarked
package dev.qgjob.api.problem;

import org.jspecify.annotations.NullMarked;
