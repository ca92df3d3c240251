/** The programs that cells run, as every strategy of this family shows them. */
@NullMarked
package io.cordon.process.program;

import org.jspecify.annotations.NullMarked;
