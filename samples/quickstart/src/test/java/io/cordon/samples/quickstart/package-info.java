@NullMarked
package io.cordon.samples.quickstart;

import org.jspecify.annotations.NullMarked;
