/**
 * A multi-tenant application that runs its tenants' plugins: a worked example of how to embed
 * Cordon. {@link io.cordon.samples.pluginhost.TenantPlugins} is where sandboxes are used; the rest
 * is an ordinary web application around it.
 */
@NullMarked
package io.cordon.samples.pluginhost;

import org.jspecify.annotations.NullMarked;
