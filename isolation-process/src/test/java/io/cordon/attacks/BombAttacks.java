package io.cordon.attacks;

import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/**
 * Who takes more and more of something, on any strategy. Most is one tenant's, whose limits are so
 * far apart that each attack meets the one that it is aimed at.
 */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox:
          memory.max: 64Mi
          pids.max: 32
          files.max: 64
          disk.max: { bytes: 8Mi, inodes: 100 }
        task: { output.max: 1Mi }
        """)
@TenantPolicy(name = "victim")
@Timeout(300)
public abstract class BombAttacks
    implements ForkBombMeetsPidsMax,
        ThreadBombMeetsPidsMax,
        MemoryBombKillsTheWholeGroup,
        MemoryDoesNotHideInSwap,
        EveryPlaceCountsTowardsDiskMax,
        DescriptorBombMeetsFilesMax,
        InodeBombMeetsDiskMax,
        UnwrittenFilesCountTowardsDiskMax,
        IgnoredFileSizeSignalDoesNotHelp {}
