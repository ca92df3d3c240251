@NullMarked
package io.cordon.vm.kvm;

import org.jspecify.annotations.NullMarked;
