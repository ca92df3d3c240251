package io.cordon.vm.guest;

import java.nio.file.Path;

/**
 * A read-only file system, checked against its digest. Immutable.
 *
 * @param file the image: erofs
 * @param key the digest of what it holds, and of how it was made
 */
public record RootImage(Path file, String key) {}
