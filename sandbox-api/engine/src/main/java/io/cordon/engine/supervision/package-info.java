/** Deadlines and counters of what runs. */
@NullMarked
package io.cordon.engine.supervision;

import org.jspecify.annotations.NullMarked;
