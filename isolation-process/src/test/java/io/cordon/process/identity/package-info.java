@NullMarked
package io.cordon.process.identity;

import org.jspecify.annotations.NullMarked;
