/**
 * What runs inside every sandbox: a small JVM program that serves one plugin, or runs scripts, for
 * the host at the other end of its standard input and output.
 *
 * <p>It is no security boundary. A plugin shares its JVM with the worker and may harm it in any
 * way; the cell around both is what holds. The loaders and streams here keep honest plugins from
 * accidents, and name what happens.
 */
@NullMarked
package io.cordon.worker;

import org.jspecify.annotations.NullMarked;
