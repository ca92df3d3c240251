package io.cordon.attacks;

import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/** Who reaches for what is above or beside its sandbox, on any strategy. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { pids.max: 32 }
        """)
@TenantPolicy(name = "rival")
@Timeout(300)
public abstract class NeighbourAttacks
    implements NoGroupIsClimbed,
        NoPriorityIsGrabbed,
        NoResidueIsFound,
        TenantsDoNotReachEachOther {}
