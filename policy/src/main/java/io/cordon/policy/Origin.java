package io.cordon.policy;

/** Where the effective value of a key comes from; as a string, a phrase for people. */
public sealed interface Origin {

  /** No file has the key: Cordon's own default applies. */
  record BuiltIn() implements Origin {
    @Override
    public String toString() {
      return "built in";
    }
  }

  /**
   * The value stands in a file: the tenant's own, or {@code defaults.yaml}.
   *
   * @param place where
   */
  record Written(Place place) implements Origin {
    @Override
    public String toString() {
      return place.toString();
    }
  }

  /**
   * The ceiling allows less than was asked for.
   *
   * @param ceiling where it says so
   * @param asked where the larger value comes from
   * @param value the larger value, as a policy file would have it
   */
  record Cut(Place ceiling, Origin asked, String value) implements Origin {
    @Override
    public String toString() {
      return ceiling + " cuts " + asked + " (" + value + ")";
    }
  }

  /**
   * The ceiling demands more than was asked for.
   *
   * @param ceiling where it says so
   * @param asked where the smaller demand comes from
   * @param value the smaller demand, as a policy file would have it
   */
  record Extended(Place ceiling, Origin asked, String value) implements Origin {
    @Override
    public String toString() {
      return ceiling + " adds to " + asked + " (" + value + ")";
    }
  }
}
