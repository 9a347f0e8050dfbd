package io.insula.transport.websocket;

import java.time.Duration;

/**
 * Everything that is bounded about tokens, in one place. {@link #defaults()} gives the documented values.
 *
 * @param clockSkew how far clocks may differ, at most ten minutes (30 s)
 * @param longestLife tokens that end later than this from now are refused; so long it is kept that all tokens of a user
 *     were revoked (3,660 d)
 * @param mostRevocations tokens and users kept as revoked; then {@code revocations-full} (100,000)
 * @param keys keys that come from a file or an address
 */
public record TokenLimits(Duration clockSkew, Duration longestLife, int mostRevocations, Keys keys) {
    private static final Duration LONGEST_CLOCK_SKEW = Duration.ofMinutes(10);

    /** Checks that every limit makes sense. */
    public TokenLimits {
        if (clockSkew.isNegative() || clockSkew.compareTo(LONGEST_CLOCK_SKEW) > 0) {
            throw new IllegalArgumentException(
                    "clock skew is " + clockSkew + ", must be between nothing and " + LONGEST_CLOCK_SKEW);
        }
        positive("longest life of a token", longestLife);
        positive("revocations", mostRevocations);
    }

    /** The documented values. */
    public static TokenLimits defaults() {
        return new TokenLimits(Duration.ofSeconds(30), Duration.ofDays(3_660), 100_000, Keys.defaults());
    }

    /**
     * What holds for keys that come from a file or an address.
     *
     * @param refresh between two fetches from the address (5 min)
     * @param look between two looks at the file (5 s)
     * @param retry after a fetch that failed, and the shortest time between two fetches for the sake of unknown keys
     *     (10 s)
     * @param fetchTime what a fetch may take; then it has failed (5 s)
     * @param mostBytes what a file or an answer may have; then it is not read (256 KiB)
     * @param mostKeys how many keys there may be; then none of them is taken (100)
     * @param grace how long a key that is gone is still accepted (10 min)
     * @param outage how long keys are used that cannot be read again; then 503 with {@code keys-unavailable} (1 h)
     */
    public record Keys(
            Duration refresh,
            Duration look,
            Duration retry,
            Duration fetchTime,
            int mostBytes,
            int mostKeys,
            Duration grace,
            Duration outage) {
        /** Checks that every limit is positive, and that keys can be fetched again before they are no longer used. */
        public Keys {
            positive("time between fetches of keys", refresh);
            positive("time between looks at the file of keys", look);
            positive("time until keys are fetched again", retry);
            positive("time of a fetch of keys", fetchTime);
            positive("bytes of keys", mostBytes);
            positive("keys", mostKeys);
            positive("time for which a key that is gone is accepted", grace);
            positive("time for which keys are used that cannot be read", outage);
            if (outage.compareTo(refresh) <= 0 || outage.compareTo(look) <= 0) {
                throw new IllegalArgumentException("keys are used for " + outage
                        + " when they cannot be read, which must be longer than the time between two fetches, "
                        + refresh
                        + ", and between two looks, " + look);
            }
        }

        /** The documented values. */
        public static Keys defaults() {
            return new Keys(
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    256 << 10,
                    100,
                    Duration.ofMinutes(10),
                    Duration.ofHours(1));
        }
    }

    private static void positive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " is " + value + ", must be 1 or more");
        }
    }

    private static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " is " + value + ", must be longer than nothing");
        }
    }
}
