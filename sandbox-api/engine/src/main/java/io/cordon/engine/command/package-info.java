/** Native programs. */
@NullMarked
package io.cordon.engine.command;

import org.jspecify.annotations.NullMarked;
