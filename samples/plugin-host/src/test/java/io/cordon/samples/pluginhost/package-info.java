@NullMarked
package io.cordon.samples.pluginhost;

import org.jspecify.annotations.NullMarked;
