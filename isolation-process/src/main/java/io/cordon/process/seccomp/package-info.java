/** Which system calls a cell may make, and the filter that holds it to them. */
@NullMarked
package io.cordon.process.seccomp;

import org.jspecify.annotations.NullMarked;
