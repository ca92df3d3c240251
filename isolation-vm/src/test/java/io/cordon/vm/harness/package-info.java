/** Guests for tests: what they run in, and what is taken into them. */
@NullMarked
package io.cordon.vm.harness;

import org.jspecify.annotations.NullMarked;
