package io.cordon.vm;

import io.cordon.conformance.LimitsConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmLimitsConformanceIT extends LimitsConformance {}
