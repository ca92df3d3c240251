package io.cordon.vm;

import io.cordon.attacks.CallerAttacks;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmCallerAttacksIT extends CallerAttacks {}
