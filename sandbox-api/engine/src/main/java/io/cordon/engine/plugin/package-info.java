/** Sandboxes around plugins. */
@NullMarked
package io.cordon.engine.plugin;

import org.jspecify.annotations.NullMarked;
