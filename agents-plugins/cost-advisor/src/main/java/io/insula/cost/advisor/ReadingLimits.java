package io.insula.cost.advisor;

/**
 * Bounds of reading and measuring one log; each keeps memory flat whatever the file holds.
 *
 * @param recordCharacters longest record (a CSV row with its quoted line breaks, a JSON line), in characters; a longer
 *     one is malformed. Default 65,536
 * @param columns most columns of a CSV header, or leaves of a JSON object; a header with more makes the log unusable, a
 *     row with more is malformed. Default 512
 * @param tokensPerRequest largest token count of one request; a larger one is malformed. Default 100,000,000
 * @param dollarsPerRequest largest cost of one request in US dollars; a larger one is malformed. Default 1,000,000
 * @param rejectedKept malformed rows kept with line and reason; later ones are only counted. Default 20
 * @param models models told apart; later ones are summed as one. Default 64
 * @param users users told apart; later ones are summed as one. Default 10,000
 * @param listed rows of a list in the result (users, hours). Default 24
 * @param minutes minutes with at least one request; beyond, load is not reported. Default 600,000 (over a year)
 * @param distinctValues distinct values a distribution keeps exactly; beyond, values are rounded to four significant
 *     digits. Default 1,000,000
 * @param distinctValuesPerModel the same for one model's distributions. Default 16,384
 */
record ReadingLimits(
        int recordCharacters,
        int columns,
        long tokensPerRequest,
        long dollarsPerRequest,
        int rejectedKept,
        int models,
        int users,
        int listed,
        int minutes,
        int distinctValues,
        int distinctValuesPerModel) {

    static ReadingLimits defaults() {
        return new ReadingLimits(
                65_536, 512, 100_000_000L, 1_000_000L, 20, 64, 10_000, 24, 600_000, 1_000_000, 16_384);
    }
}
