/**
 * What a request may look like, before anybody asks what it means: missing, too long, out of range.
 * Each answer names the field.
 */
@NullMarked
package dev.qgjob.api.form;

import org.jspecify.annotations.NullMarked;
