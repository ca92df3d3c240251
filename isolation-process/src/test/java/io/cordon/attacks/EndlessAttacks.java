package io.cordon.attacks;

import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/** Who will not end, or would live on, on any strategy. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { pids.max: 32 }
        """)
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        task: { wall.max: 300ms }
        """)
@TenantPolicy(
    name = "slow",
    value =
        """
        tenant: slow
        sandbox: { cpu.max: 500m }
        task: { cpu.time: 1s }
        """)
@TenantPolicy(name = "victim")
@Timeout(300)
public abstract class EndlessAttacks
    implements SpinnerMeetsCpuMax,
        SleeperMeetsWallMax,
        IgnoredSignalsDoNotSave,
        DaemonDiesWithItsGroup,
        NothingActsAfterTheEnd,
        ZombiesAreReaped {}
