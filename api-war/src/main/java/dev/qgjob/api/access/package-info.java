/**
 * Who may do what: a bearer token becomes a caller, and every resource method says which roles may
 * call it. A method that says nothing keeps the server from starting, since silence would be an
 * open door.
 */
@NullMarked
package dev.qgjob.api.access;

import org.jspecify.annotations.NullMarked;
