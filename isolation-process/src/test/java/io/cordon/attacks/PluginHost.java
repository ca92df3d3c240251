package io.cordon.attacks;

/** The control of a plugin's attack: an application that runs the plugin in its own JVM. */
final class PluginHost {

  private PluginHost() {}

  /** Takes the plugin's class, which is on the class path, and what to ask of it. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Guest guest =
        Class.forName(arguments[0]).asSubclass(Guest.class).getDeclaredConstructor().newInstance();
    System.out.println(guest.act(arguments[1]));
    System.out.println("the host lives");
  }
}
