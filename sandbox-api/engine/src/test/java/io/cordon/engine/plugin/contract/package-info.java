/** A contract of tests. */
@NullMarked
package io.cordon.engine.plugin.contract;

import org.jspecify.annotations.NullMarked;
