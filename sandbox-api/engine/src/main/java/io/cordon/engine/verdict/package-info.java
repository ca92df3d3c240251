/** From what was seen to what is said of it: pure functions. */
@NullMarked
package io.cordon.engine.verdict;

import org.jspecify.annotations.NullMarked;
