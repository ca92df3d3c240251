/** Disks of guests that can be written to. */
@NullMarked
package io.cordon.vm.disk;

import org.jspecify.annotations.NullMarked;
