@NullMarked
package io.cordon.samples.cli;

import org.jspecify.annotations.NullMarked;
