/**
 * Whose task may begin, and when: how many run at once, how many begin in a while, how much
 * processor time they have used, and who waits.
 */
@NullMarked
package io.cordon.engine.admission;

import org.jspecify.annotations.NullMarked;
