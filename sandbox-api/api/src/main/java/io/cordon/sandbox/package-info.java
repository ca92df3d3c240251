/** Run other people's code: {@link io.cordon.sandbox.Sandboxes} is where to begin. */
@NullMarked
package io.cordon.sandbox;

import org.jspecify.annotations.NullMarked;
