package io.cordon.vm;

import io.cordon.attacks.FloodAttacks;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmFloodAttacksIT extends FloodAttacks {}
