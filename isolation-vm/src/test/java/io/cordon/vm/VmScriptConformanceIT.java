package io.cordon.vm;

import io.cordon.conformance.ScriptConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmScriptConformanceIT extends ScriptConformance {}
