package io.cordon.vm;

import io.cordon.conformance.LiveControlConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmLiveControlConformanceIT extends LiveControlConformance {}
