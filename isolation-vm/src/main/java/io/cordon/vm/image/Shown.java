package io.cordon.vm.image;

import java.nio.file.Path;

/**
 * A part of a guest's root that a cell in the guest sees, read-only, at the same path. Immutable.
 *
 * @param at where it is; no part of the path is a symbolic link
 * @param directory whether it is a directory, with all that is in it
 * @param executable whether programs in it may be executed
 */
public record Shown(Path at, boolean directory, boolean executable) {}
