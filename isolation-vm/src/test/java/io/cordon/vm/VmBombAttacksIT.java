package io.cordon.vm;

import io.cordon.attacks.BombAttacks;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmBombAttacksIT extends BombAttacks {}
