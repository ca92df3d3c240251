/** What a guest is made of: a kernel, a first process, a root image. */
@NullMarked
package io.cordon.vm.guest;

import org.jspecify.annotations.NullMarked;
