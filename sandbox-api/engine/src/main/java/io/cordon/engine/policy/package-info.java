/** The policies of the tenants in use, as their files change. */
@NullMarked
package io.cordon.engine.policy;

import org.jspecify.annotations.NullMarked;
