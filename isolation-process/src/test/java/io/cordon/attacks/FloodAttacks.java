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
@TenantPolicy(
    name = "dirty",
    value =
        """
        tenant: dirty
        sandbox: { memory.max: 64Mi, disk.max: { bytes: 32Mi, inodes: 1k } }
        task: { wall.max: 60s }
        """)
@TenantPolicy(
    name = "stormy",
    value =
        """
        tenant: stormy
        sandbox: { io.max: { wbps: 1Mi, wiops: 500 } }
        task: { wall.max: 2s }
        """)
@TenantPolicy(name = "victim")
@Timeout(300)
public abstract class FloodAttacks
    implements EndlessOutputMeetsOutputMax,
        OutputThatNobodyReadsWaits,
        DirtyPagesAreCharged,
        StormOfWritesHarmsNobody,
        GiantInputIsRefusedOrWaits {}
