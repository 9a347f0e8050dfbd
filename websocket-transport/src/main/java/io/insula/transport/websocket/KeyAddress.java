package io.insula.transport.websocket;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The address that keys are fetched from. It is asked for nothing else, is not followed elsewhere, and is told nothing of
 * us; an answer that is too large or too slow is cut.
 */
final class KeyAddress implements KeyReader {
    private static final int OK = 200;
    private static final int THREADS = 2;
    private static final Duration THREAD_IDLE = Duration.ofSeconds(10);

    private final URI address;
    private final TokenLimits.Keys limits;
    private final ThreadPoolExecutor executor;
    private final HttpClient http;

    KeyAddress(URI address, TokenLimits.Keys limits, ThreadFactory threads) {
        this.address = address;
        this.limits = limits;
        executor = new ThreadPoolExecutor(
                THREADS, THREADS, THREAD_IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(limits.fetchTime())
                .followRedirects(HttpClient.Redirect.NEVER).executor(executor).build();
    }

    @Override
    public byte[] read() throws KeysUnreadableException, InterruptedException {
        var request = HttpRequest.newBuilder(address).header("Accept", "application/jwk-set+json, application/json")
                .timeout(limits.fetchTime()).build();
        var answered = new AtomicBoolean();
        HttpResponse.BodyHandler<byte[]> body = info -> {
            answered.set(true);
            return info.statusCode() == OK
                    ? BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.mostBytes()).apply(info)
                    : HttpResponse.BodySubscribers.replacing(new byte[0]);
        };
        CompletableFuture<HttpResponse<byte[]>> fetch = http.sendAsync(request, body);
        try {
            // The request's own time is over when the headers are there: this one holds for the whole.
            HttpResponse<byte[]> response = fetch.get(limits.fetchTime().toNanos(), TimeUnit.NANOSECONDS);
            if (response.statusCode() != OK) {
                throw new KeysUnreadableException(KeyTrouble.STATUS_NOT_200);
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new KeysUnreadableException(KeyTrouble.TOO_SLOW);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw new KeysUnreadableException(KeyTrouble.TOO_SLOW);
            }
            throw new KeysUnreadableException(answered.get() ? KeyTrouble.BROKEN_OR_TOO_LARGE : KeyTrouble.NO_ANSWER);
        } finally {
            fetch.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdownNow();
    }
}
