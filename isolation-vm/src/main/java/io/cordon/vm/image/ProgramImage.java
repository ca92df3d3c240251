package io.cordon.vm.image;

import io.cordon.vm.guest.RootImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program, the root image of guests that it runs in, and what its cell sees of that. Immutable.
 *
 * @param root the image
 * @param shown what the cell sees
 * @param links symbolic links that the cell's root has besides, and what they say
 * @param program the program's path in the cell
 * @param arguments what it is given, from its own name on
 */
public record ProgramImage(
    RootImage root,
    List<Shown> shown,
    Map<Path, String> links,
    String program,
    List<String> arguments) {

  public ProgramImage {
    shown = List.copyOf(shown);
    links = Collections.unmodifiableMap(new TreeMap<>(links));
    arguments = List.copyOf(arguments);
  }
}
