/** Policies: what a tenant may use, as pure data. */
@NullMarked
package io.cordon.policy;

import org.jspecify.annotations.NullMarked;
