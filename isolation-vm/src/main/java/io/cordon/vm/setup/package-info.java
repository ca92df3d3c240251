/** Making ahead what micro-VMs need. */
@NullMarked
package io.cordon.vm.setup;

import org.jspecify.annotations.NullMarked;
