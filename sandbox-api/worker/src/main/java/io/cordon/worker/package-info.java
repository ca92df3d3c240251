/** What runs inside every sandbox. */
@NullMarked
package io.cordon.worker;

import org.jspecify.annotations.NullMarked;
