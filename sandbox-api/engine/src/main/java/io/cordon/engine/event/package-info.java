/**
 * What is told of tasks and policies: to the application's listeners, the flight recorder and the
 * audit log.
 */
@NullMarked
package io.cordon.engine.event;

import org.jspecify.annotations.NullMarked;
