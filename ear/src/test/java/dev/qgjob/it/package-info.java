/** The server as it is shipped, from outside: over HTTP and over the broker's wire. */
package dev.qgjob.it;
