/** Which strategy isolates a workload, and why. */
@NullMarked
package io.cordon.engine.selection;

import org.jspecify.annotations.NullMarked;
