@NullMarked
package io.cordon.policy;

import org.jspecify.annotations.NullMarked;
