/** The frames that host and worker speak, and how plain values travel in them. */
@NullMarked
package io.cordon.worker.wire;

import org.jspecify.annotations.NullMarked;
