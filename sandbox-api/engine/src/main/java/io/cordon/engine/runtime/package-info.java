/** What a worker is made of: its jars, its options, its start-up cache. */
@NullMarked
package io.cordon.engine.runtime;

import org.jspecify.annotations.NullMarked;
