/** The strategy {@code vm}. */
@org.jspecify.annotations.NullMarked
package io.cordon.vm;
