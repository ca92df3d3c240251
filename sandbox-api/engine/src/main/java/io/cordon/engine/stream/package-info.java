/** What a guest writes: counted, kept or passed on. */
@NullMarked
package io.cordon.engine.stream;

import org.jspecify.annotations.NullMarked;
