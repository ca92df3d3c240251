@NullMarked
package io.cordon.process.quota;

import org.jspecify.annotations.NullMarked;
