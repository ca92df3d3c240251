/** What every isolation strategy must do, written against the public API alone. */
@NullMarked
package io.cordon.conformance;

import org.jspecify.annotations.NullMarked;
