package io.cordon.policy;

/**
 * A place in the text of one file.
 *
 * @param line the line, from 1
 * @param column the column in code points, from 1
 */
record Position(int line, int column) implements Comparable<Position> {
  static final Position START = new Position(1, 1);

  @Override
  public int compareTo(Position other) {
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }
}
