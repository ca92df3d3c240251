package io.cordon.vm.image;

import io.cordon.vm.guest.RootTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a root image is made of, and what a cell sees of it.
 *
 * @param tree everything in the image
 * @param shown what the cell sees
 * @param links symbolic links that the cell's root has besides, and what they say
 * @param watched files of the host: while they are the same, so is this view
 */
record View(RootTree tree, List<Shown> shown, Map<Path, String> links, List<Path> watched) {}
