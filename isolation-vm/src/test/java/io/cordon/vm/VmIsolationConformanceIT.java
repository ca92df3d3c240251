package io.cordon.vm;

import io.cordon.conformance.IsolationConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmIsolationConformanceIT extends IsolationConformance {}
