/** What the plugin host and its Java plugins both know. */
@NullMarked
package io.cordon.samples.pluginhost.contract;

import org.jspecify.annotations.NullMarked;
