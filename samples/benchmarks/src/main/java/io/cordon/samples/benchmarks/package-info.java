/** What Cordon costs, next to what else there is, as ratios of one interleaved run. */
@NullMarked
package io.cordon.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
