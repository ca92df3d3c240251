/** Nothing outlives its handle: what a host holds before and after. */
@NullMarked
package io.cordon.leaks;

import org.jspecify.annotations.NullMarked;
