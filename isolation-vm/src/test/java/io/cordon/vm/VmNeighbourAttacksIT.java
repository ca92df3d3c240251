package io.cordon.vm;

import io.cordon.attacks.NeighbourAttacks;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmNeighbourAttacksIT extends NeighbourAttacks {}
