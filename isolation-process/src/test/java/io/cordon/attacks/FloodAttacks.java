package io.cordon.attacks;

import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/** Who writes or sends more than anybody wants, on any strategy. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { memory.max: 64Mi, disk.max: { bytes: 8Mi, inodes: 1k } }
        task: { output.max: 1Mi }
        """)
@TenantPolicy(
    name = "chatty",
    value =
        """
        tenant: chatty
        task: { output.max: 256Mi }
        """)
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        task: { wall.max: 2s, output.max: 256Mi }
        """)
@TenantPolicy(name = "victim")
@Timeout(300)
public abstract class FloodAttacks
    implements EndlessOutputMeetsOutputMax,
        OutputThatNobodyReadsWaits,
        DirtyPagesAreCharged,
        StormOfWritesHarmsNobody,
        GiantInputIsRefusedOrWaits {}
