/** Meters for Micrometer: see {@link io.cordon.micrometer.CordonMetrics}. */
@NullMarked
package io.cordon.micrometer;

import org.jspecify.annotations.NullMarked;
