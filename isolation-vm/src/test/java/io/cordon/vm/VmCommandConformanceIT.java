package io.cordon.vm;

import io.cordon.conformance.CommandConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmCommandConformanceIT extends CommandConformance {}
