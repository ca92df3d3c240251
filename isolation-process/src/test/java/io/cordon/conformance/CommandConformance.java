package io.cordon.conformance;

import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/** What a native program is for its application, on any strategy. */
@SandboxTest
@TenantPolicy(
    """
    tenant: acme
    task: { output.max: 64Mi }
    """)
@Timeout(300)
public abstract class CommandConformance
    implements CommandFiles,
        CommandStreams,
        CommandOutcomes,
        CommandCancellation,
        ManyCommandsAtOnce {}
