/**
 * The little HTTP that the rooms share: reading requests from a stream that is no socket, and JSON
 * answers on the JDK's server.
 */
@NullMarked
package dev.qgjob.simfarm.http;

import org.jspecify.annotations.NullMarked;
