/** What a tenant's code may try, each beside a control where the same attack succeeds. */
@NullMarked
package io.cordon.attacks;

import org.jspecify.annotations.NullMarked;
