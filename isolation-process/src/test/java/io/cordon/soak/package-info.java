/** Thousands of random runs, each with an oracle that knows how it may end. */
@NullMarked
package io.cordon.soak;

import org.jspecify.annotations.NullMarked;
