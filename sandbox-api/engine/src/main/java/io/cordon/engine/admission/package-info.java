/** How many tasks of a tenant may run at once. */
@NullMarked
package io.cordon.engine.admission;

import org.jspecify.annotations.NullMarked;
