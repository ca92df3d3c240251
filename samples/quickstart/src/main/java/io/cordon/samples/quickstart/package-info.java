/** The smallest application that runs somebody else's code. */
@NullMarked
package io.cordon.samples.quickstart;

import org.jspecify.annotations.NullMarked;
