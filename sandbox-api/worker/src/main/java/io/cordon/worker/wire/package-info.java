/**
 * The frames that host and worker speak, and how plain values travel in them.
 *
 * <p>A frame is an unsigned 32-bit length, big-endian, and so many bytes: one for the type, then
 * the message's components in order. Integers are big-endian; texts (UTF-8) and byte arrays have a
 * 32-bit length before them.
 *
 * <pre>
 * worker                                   host
 *   Ready                        -&gt;
 *                                &lt;-  DefineContract, PluginJar … PluginJar(last), OpenService
 *   ServiceOpened                -&gt;
 *                                &lt;-  Call
 *   Output … Output, Returned    -&gt;
 * </pre>
 *
 * <p>One task runs at a time. What a task prints while it runs comes before its answer; what its
 * threads print later names the task that runs then, or none.
 *
 * <p>Values are JSON text of declared {@linkplain io.cordon.worker.wire.PlainType plain types}. The
 * host believes nothing that a worker says: every length, count, depth and number is bounded, no
 * name chooses a class, and what is not exactly as declared is a {@link
 * io.cordon.worker.wire.ProtocolException}.
 */
@NullMarked
package io.cordon.worker.wire;

import org.jspecify.annotations.NullMarked;
