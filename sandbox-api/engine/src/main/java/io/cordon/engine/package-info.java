/** The host side of every sandbox: admission, selection, pool, supervision, verdicts. */
@NullMarked
package io.cordon.engine;

import org.jspecify.annotations.NullMarked;
