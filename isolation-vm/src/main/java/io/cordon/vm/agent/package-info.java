/** The host's end of a guest's first process: orders go in, reports come out. */
@NullMarked
package io.cordon.vm.agent;

import org.jspecify.annotations.NullMarked;
