/** Which files a cell may use, and how. */
@NullMarked
package io.cordon.process.landlock;

import org.jspecify.annotations.NullMarked;
