/** The {@code cordon} command: {@link io.cordon.samples.cli.Main}. */
@NullMarked
package io.cordon.samples.cli;

import org.jspecify.annotations.NullMarked;
