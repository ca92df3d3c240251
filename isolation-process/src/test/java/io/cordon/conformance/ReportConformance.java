package io.cordon.conformance;

import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an application is told, on any strategy: what isolates, what was used, what is refused. */
@SandboxTest
@ExtendWith(ShelfPlugin.class)
@TenantPolicy
@Timeout(300)
public abstract class ReportConformance implements Reports, Refusals {}
