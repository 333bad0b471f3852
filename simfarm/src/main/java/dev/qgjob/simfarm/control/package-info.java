/**
 * Looking at the phones from outside and playing tricks on them: counts as JSON, a cable pulled, an
 * app removed behind the worker's back. Loopback only.
 */
@NullMarked
package dev.qgjob.simfarm.control;

import org.jspecify.annotations.NullMarked;
