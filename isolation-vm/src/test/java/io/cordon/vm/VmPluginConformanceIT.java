package io.cordon.vm;

import io.cordon.conformance.PluginConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmPluginConformanceIT extends PluginConformance {}
