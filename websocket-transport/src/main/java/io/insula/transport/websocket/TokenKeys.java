package io.insula.transport.websocket;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens are checked with. They are read in a thread of their own, so nobody who asks for one ever waits.
 * Safe for any number of threads.
 */
final class TokenKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
    private static final long BEAT_MILLIS = 100;
    /** After how long to come again while keys are fetched. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** What came of asking for a key. */
    sealed interface Finding {
        /** These may have signed the token; perhaps none. */
        record Found(List<JWK> keys) implements Finding {}

        /** Nobody can say now. */
        record Unavailable(Duration retryAfter) implements Finding {}
    }

    /**
     * How reading has gone. Changed as a whole.
     *
     * @param known the keys
     * @param trouble why the last reading failed, if it did
     * @param everRead whether a reading ever succeeded
     * @param readNanos when one succeeded last
     * @param triedNanos when one ended last
     */
    private record State(
            KnownKeys known, Optional<KeyTrouble> trouble, boolean everRead, long readNanos, long triedNanos) {}

    private final Optional<KeyReader> reader;
    private final TokenLimits.Keys limits;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService heart;
    /** Written by the heart's thread alone, and before it beats. */
    private volatile State state;
    /** Whether somebody came with an unknown key since the last reading began. */
    private volatile boolean early;

    /** Makes one that has read nothing; keys that are given are there at once. */
    TokenKeys(KeyPlace place, TokenLimits.Keys limits, LongSupplier nanoTime, ThreadFactory threads) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        heart = new ScheduledThreadPoolExecutor(1, threads);
        long now = nanoTime.getAsLong();
        state = new State(KnownKeys.none(), Optional.of(KeyTrouble.NOT_READ_YET), false, now, now);
        switch (place) {
            case KeyPlace.Given(JWKSet keys) -> {
                reader = Optional.empty();
                interval = limits.refresh();
                state = new State(new KnownKeys(keys.getKeys(), Map.of()), Optional.empty(), true, now, now);
            }
            case KeyPlace.File file -> {
                reader = Optional.of(new KeyFile(file.path(), limits.mostBytes()));
                interval = limits.look();
            }
            case KeyPlace.Address at -> {
                reader = Optional.of(new KeyAddress(at.address(), limits, threads));
                interval = limits.refresh();
            }
        }
    }

    /**
     * Begins to read, and goes on until closed. Waits for nobody: keys from an address may come later.
     *
     * @throws IOException if there is a file of keys, and it cannot be used
     */
    void start() throws IOException {
        if (reader.isPresent()) {
            if (reader.get() instanceof KeyFile) {
                beat();
                Optional<KeyTrouble> trouble = trouble();
                if (trouble.isPresent()) {
                    throw new IOException(trouble.get().sentence());
                }
            }
            var _ = heart.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The keys that may have signed a token with such a header. An unknown one is looked for, but not too often. */
    Finding find(JWKMatcher matcher) {
        State now = state;
        long nanos = nanoTime.getAsLong();
        if (reader.isEmpty()) {
            return new Finding.Found(now.known().matching(matcher, nanos, limits.grace()));
        }
        if (!isUsable(now, nanos)) {
            return new Finding.Unavailable(now.everRead() ? limits.retry() : SOON);
        }
        List<JWK> matching = now.known().matching(matcher, nanos, limits.grace());
        boolean fresh = now.trouble().isEmpty() && nanos - now.triedNanos() < limits.retry().toNanos();
        if (!matching.isEmpty() || matcher.getKeyIDs() == null || fresh) {
            return new Finding.Found(matching);
        }
        early = true;
        return new Finding.Unavailable(now.trouble().isEmpty() ? SOON : limits.retry());
    }

    /** Why no token can be checked now, if that is so. */
    Optional<KeyTrouble> trouble() {
        State now = state;
        return isUsable(now, nanoTime.getAsLong()) ? Optional.empty() : now.trouble();
    }

    private boolean isUsable(State now, long nanos) {
        return reader.isEmpty() || (now.everRead() && (now.trouble().isEmpty()
                || nanos - now.readNanos() <= limits.outage().toNanos()));
    }

    /** Reads, if it is time to. Called again and again by the heart. */
    void beat() {
        try {
            if (reader.isPresent() && isDue()) {
                early = false;
                read(reader.get());
            }
        } catch (InterruptedException e) {
            // Only closing interrupts this thread.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) {
            // A heart that lets an exception go never beats again.
            LOG.error("keys_failed failure={}", FailureTrace.of(failure));
        }
    }

    private boolean isDue() {
        State now = state;
        Duration since = Duration.ofNanos(nanoTime.getAsLong() - now.triedNanos());
        if (now.trouble().equals(Optional.of(KeyTrouble.NOT_READ_YET))) {
            return true;
        }
        Duration pause = now.trouble().isPresent() || early ? limits.retry() : interval;
        return since.compareTo(pause.compareTo(interval) < 0 ? pause : interval) >= 0;
    }

    private void read(KeyReader from) throws InterruptedException {
        State before = state;
        try {
            JWKSet keys = KeySets.parse(from.read(), limits.mostKeys());
            long now = nanoTime.getAsLong();
            KnownKeys known = before.known().read(keys, now, limits.grace(), limits.mostKeys());
            state = new State(known, Optional.empty(), true, now, now);
            if (before.trouble().isPresent() || !known.present().equals(before.known().present())) {
                LOG.info("keys_read keys={} gone={}", known.present().size(), known.gone().size());
            }
        } catch (KeysUnreadableException e) {
            state = new State(
                    before.known(), Optional.of(e.why()), before.everRead(), before.readNanos(), nanoTime.getAsLong());
            if (!before.trouble().equals(Optional.of(e.why()))) {
                LOG.warn("keys_unreadable why={}", e.why().word());
            }
        }
    }

    /** Reads no more. */
    @Override
    public void close() {
        heart.shutdownNow();
        reader.ifPresent(KeyReader::close);
    }
}
