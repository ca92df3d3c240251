/** What an isolation strategy implements. Found by {@link java.util.ServiceLoader}. */
@NullMarked
package io.cordon.sandbox.spi;

import org.jspecify.annotations.NullMarked;
