package io.cordon.attacks;

import io.cordon.harness.TenantPolicy;
import org.junit.jupiter.api.Timeout;

/** What comes through the application itself: crowds of callers, on any strategy. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        limits: { tasks.concurrent: 4, tasks.queue: { max: 50, wait: 10min } }
        task: { wall.max: 10min }
        """)
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        limits: { tasks.rate: 10/d }
        """)
@TenantPolicy(name = "victim")
@Timeout(300)
public abstract class CallerAttacks implements CreateStormMeetsTheTenantsCap, RacesForOneHandle {}
