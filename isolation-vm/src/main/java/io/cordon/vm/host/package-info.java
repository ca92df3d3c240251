/** The host's own tools, and what is kept on its disk. */
@NullMarked
package io.cordon.vm.host;

import org.jspecify.annotations.NullMarked;
