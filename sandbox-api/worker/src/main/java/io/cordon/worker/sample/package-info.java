/** A contract and a plugin, which a worker that trains uses on itself. */
@NullMarked
package io.cordon.worker.sample;

import org.jspecify.annotations.NullMarked;
