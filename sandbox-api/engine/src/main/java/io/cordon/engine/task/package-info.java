/** One task from its admission to its outcome. */
@NullMarked
package io.cordon.engine.task;

import org.jspecify.annotations.NullMarked;
