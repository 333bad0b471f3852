/** Whether the server can work: asked by those who watch it and by load balancers. */
@NullMarked
package dev.qgjob.domain.health;

import org.jspecify.annotations.NullMarked;
