package io.cordon.engine.supervision;

/**
 * Is told how much processor time a cell has used, by whoever has looked, and however often. Safe
 * for use by several threads.
 */
public interface CpuMeter {

  /** Nobody wants to know. */
  CpuMeter NONE =
      new CpuMeter() {
        @Override
        public void begin(long cellNanos) {}

        @Override
        public void read(long cellNanos) {}

        @Override
        public boolean counts() {
          return false;
        }
      };

  /**
   * What the cell has used until now was for others.
   *
   * @param cellNanos since the cell began
   */
  void begin(long cellNanos);

  /** Whether what it is told counts for anything at the moment. */
  boolean counts();

  /**
   * What the cell has used.
   *
   * @param cellNanos since the cell began
   */
  void read(long cellNanos);
}
