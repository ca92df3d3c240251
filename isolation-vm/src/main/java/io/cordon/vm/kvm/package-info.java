/** Hardware virtualisation: whether this host's KVM really works. */
@NullMarked
package io.cordon.vm.kvm;

import org.jspecify.annotations.NullMarked;
