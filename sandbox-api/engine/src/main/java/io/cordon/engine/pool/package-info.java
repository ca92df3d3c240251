/** Workers that wait, and those that are about to. */
@NullMarked
package io.cordon.engine.pool;

import org.jspecify.annotations.NullMarked;
