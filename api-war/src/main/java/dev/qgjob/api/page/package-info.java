/**
 * A run as a page that a link opens: what a browser shows without a login. Nothing else can be
 * reached by such a link, it ends by itself and with the token that it was made with, and what
 * specs print is text there.
 */
@NullMarked
package dev.qgjob.api.page;

import org.jspecify.annotations.NullMarked;
