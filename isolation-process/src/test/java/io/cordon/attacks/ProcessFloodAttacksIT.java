package io.cordon.attacks;

import io.cordon.harness.OnStrategy;
import io.cordon.harness.ProcessUnderTest;

@OnStrategy(ProcessUnderTest.class)
class ProcessFloodAttacksIT extends FloodAttacks {}
