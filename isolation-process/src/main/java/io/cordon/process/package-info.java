/** How a program is confined as a namespaced process. */
@NullMarked
package io.cordon.process;

import org.jspecify.annotations.NullMarked;
