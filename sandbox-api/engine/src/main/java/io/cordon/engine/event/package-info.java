/** What is told of tasks: to the application's listeners, the flight recorder and the audit log. */
@NullMarked
package io.cordon.engine.event;

import org.jspecify.annotations.NullMarked;
