package io.cordon.conformance;

import io.cordon.harness.OnStrategy;
import io.cordon.harness.ProcessUnderTest;

@OnStrategy(ProcessUnderTest.class)
class ProcessLiveControlConformanceIT extends LiveControlConformance {}
