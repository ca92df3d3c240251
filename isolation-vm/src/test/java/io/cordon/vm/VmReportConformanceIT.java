package io.cordon.vm;

import io.cordon.conformance.ReportConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.vm.harness.VmUnderTest;

@OnStrategy(VmUnderTest.class)
class VmReportConformanceIT extends ReportConformance {}
