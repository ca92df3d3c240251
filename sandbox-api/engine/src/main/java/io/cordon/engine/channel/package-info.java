/** The host's end of the wire to one worker. */
@NullMarked
package io.cordon.engine.channel;

import org.jspecify.annotations.NullMarked;
