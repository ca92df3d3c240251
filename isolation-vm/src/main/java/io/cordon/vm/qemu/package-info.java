/** QEMU: its command line, its monitor protocol, and a running machine. */
@NullMarked
package io.cordon.vm.qemu;

import org.jspecify.annotations.NullMarked;
