package io.insula.cost.advisor;

import java.util.Map;

/**
 * One row of a log before its values are read.
 *
 * @param line line it starts on, from 1
 * @param values the recognised values; a field that the row does not have is absent, an empty cell is an empty text
 * @param problem why it cannot be used, empty where it can
 */
record RawRow(long line, Map<Field, String> values, String problem) {}
