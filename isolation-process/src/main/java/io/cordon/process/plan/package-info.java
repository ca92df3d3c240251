/** Launch plans: what is done to launch a cell, as data; and how that becomes a program. */
@NullMarked
package io.cordon.process.plan;

import org.jspecify.annotations.NullMarked;
