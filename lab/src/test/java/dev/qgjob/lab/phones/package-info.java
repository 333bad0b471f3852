/** The worker on phones, without a server: what can only be seen with the real tools. */
package dev.qgjob.lab.phones;
