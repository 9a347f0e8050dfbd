package io.insula.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/**
 * Reads what is typed, a line each time it is asked for. It never reads ahead of the asking, so that a command which
 * asks nothing leaves its input to the next one. Safe for any thread.
 */
final class Keyboard {
    /** The longest line; what follows in it is left out. */
    private static final int LONGEST_LINE = 1 << 20;

    private final InputStream input;
    private final BlockingQueue<Happening> inbox;
    private final ThreadFactory threads;
    private final Semaphore wanted = new Semaphore(0);
    private boolean started;

    Keyboard(InputStream input, BlockingQueue<Happening> inbox, ThreadFactory threads) {
        this.input = input;
        this.inbox = inbox;
        this.threads = threads;
    }

    /** Asks for one line, which comes as a {@link Happening}. */
    synchronized void wantLine() {
        wanted.release();
        if (!started) {
            started = true;
            threads.newThread(this::read).start();
        }
    }

    private void read() {
        try {
            var lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8), 1);
            while (true) {
                wanted.acquire();
                var line = readLine(lines);
                if (line == null) {
                    inbox.put(new Happening.InputEnded());
                    return;
                }
                inbox.put(new Happening.Typed(line));
            }
        } catch (IOException e) {
            inbox.add(new Happening.InputEnded());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @org.jspecify.annotations.Nullable String readLine(BufferedReader input) throws IOException {
        var line = new StringBuilder();
        int letter = input.read();
        if (letter < 0) {
            return null;
        }
        while (letter >= 0 && letter != '\n') {
            if (letter != '\r' && line.length() < LONGEST_LINE) {
                line.append((char) letter);
            }
            letter = input.read();
        }
        return line.toString();
    }
}
