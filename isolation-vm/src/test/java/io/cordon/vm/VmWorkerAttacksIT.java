package io.cordon.vm;

import io.cordon.attacks.WorkerAttacks;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmWorkerAttacksIT extends WorkerAttacks {}
