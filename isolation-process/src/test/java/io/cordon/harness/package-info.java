/**
 * What the integration tests share: sandboxes under test, plugins made on the spot, plain processes
 * as controls.
 */
@NullMarked
package io.cordon.harness;

import org.jspecify.annotations.NullMarked;
