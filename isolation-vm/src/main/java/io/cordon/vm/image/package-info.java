/** The root images of guests that are made for one program, and what a cell in them sees. */
@NullMarked
package io.cordon.vm.image;

import org.jspecify.annotations.NullMarked;
