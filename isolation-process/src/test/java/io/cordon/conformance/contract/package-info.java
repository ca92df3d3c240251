/** Contracts of the plugins that the suite calls. */
@NullMarked
package io.cordon.conformance.contract;

import org.jspecify.annotations.NullMarked;
