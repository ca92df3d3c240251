/** How a cell is held to its memory, cpu and pids: by control groups, or by watching. */
@NullMarked
package io.cordon.process.quota;

import org.jspecify.annotations.NullMarked;
