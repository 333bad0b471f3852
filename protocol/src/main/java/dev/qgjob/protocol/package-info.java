/**
 * The promise between processes: REST and JMS types as records. Fields are added, meanings never
 * change; golden JSON pins every one.
 */
@NullMarked
package dev.qgjob.protocol;

import org.jspecify.annotations.NullMarked;
