/** Scripts. */
@NullMarked
package io.cordon.engine.script;

import org.jspecify.annotations.NullMarked;
