package io.cordon.attacks;

import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/** What is done with workers, which run plugins and scripts, on any strategy. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { memory.max: 160Mi }
        """)
@TenantPolicy(name = "victim")
@Timeout(300)
public abstract class WorkerAttacks
    implements JarBombMeetsMemoryMax, NextWorkerFindsNothing, RacesForOneSandbox {}
