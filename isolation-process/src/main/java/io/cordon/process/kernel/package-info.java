/** The kernel's constants, by the headers that they come from, and its calls. */
@NullMarked
package io.cordon.process.kernel;

import org.jspecify.annotations.NullMarked;
