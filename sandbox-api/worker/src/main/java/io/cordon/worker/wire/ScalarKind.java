package io.cordon.worker.wire;

/** The values without parts, by how they are written. */
public enum ScalarKind {
  BOOLEAN,
  BYTE,
  SHORT,
  CHAR,
  INT,
  LONG,
  FLOAT,
  DOUBLE,
  STRING,
  BIG_INTEGER,
  BIG_DECIMAL,
  /** In base 64. */
  BYTES,
  UUID,
  URI,
  DURATION,
  INSTANT,
  LOCAL_DATE,
  LOCAL_DATE_TIME,
  LOCAL_TIME,
  MONTH_DAY,
  OFFSET_DATE_TIME,
  OFFSET_TIME,
  PERIOD,
  YEAR,
  YEAR_MONTH,
  ZONED_DATE_TIME,
  ZONE_ID,
  ZONE_OFFSET,
  OPTIONAL_INT,
  OPTIONAL_LONG,
  OPTIONAL_DOUBLE;

  /** Whether a map may have such keys. */
  boolean isKey() {
    return switch (this) {
      case BYTE, SHORT, INT, LONG, BIG_INTEGER, STRING, UUID -> true;
      default -> false;
    };
  }
}
