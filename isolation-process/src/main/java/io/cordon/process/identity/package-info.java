/** As whom a cell runs: as an unprivileged user that no other tenant of this host has. */
@NullMarked
package io.cordon.process.identity;

import org.jspecify.annotations.NullMarked;
