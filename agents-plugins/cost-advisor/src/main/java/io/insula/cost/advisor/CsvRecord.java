package io.insula.cost.advisor;

import java.util.List;

/**
 * One record of a CSV file.
 *
 * @param line line it starts on, from 1
 * @param values its values, unquoted; incomplete where there is a problem
 * @param problem why it cannot be used, empty where it can
 */
record CsvRecord(long line, List<String> values, String problem) {}
