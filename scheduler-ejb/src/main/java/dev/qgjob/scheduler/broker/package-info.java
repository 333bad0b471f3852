/**
 * Carries messages to Artemis: which queue, which group, how long they live. A send is a
 * transaction of the broker alone, never of the database too: what was not surely sent is sent
 * again, and a claim drops the copy.
 */
@NullMarked
package dev.qgjob.scheduler.broker;

import org.jspecify.annotations.NullMarked;
