package io.cordon.soak;

import java.time.Duration;

/**
 * One run.
 *
 * @param index its number: with the seed, it says all of what follows
 * @param work what is run
 * @param disturbance what is done to it
 * @param after when that is done, from its start
 */
record Scenario(int index, Work work, Disturbance disturbance, Duration after) {}
