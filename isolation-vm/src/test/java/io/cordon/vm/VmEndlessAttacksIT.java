package io.cordon.vm;

import io.cordon.attacks.EndlessAttacks;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmEndlessAttacksIT extends EndlessAttacks {}
