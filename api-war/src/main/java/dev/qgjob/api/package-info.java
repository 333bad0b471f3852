/**
 * The HTTP face of the server: it unwraps a request, calls one inbound port and wraps the answer.
 * It decides nothing, and knows neither the database nor the broker.
 */
@NullMarked
package dev.qgjob.api;

import org.jspecify.annotations.NullMarked;
