package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.JournalAppend.EventDraft;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Consecutive events of one user as the bytes of one row: the format's number; how many threads and runs there are, and
 * each; how many events there are, and of each the numbers of its thread and run, and its JSON. Texts are UTF-8 behind
 * their length; numbers are seven bits a byte, the lowest first.
 */
final class EventRow {
    private static final int FORMAT = 1;
    private static final int LOW_BITS = 0x7f;
    private static final int MORE = 0x80;
    private static final int BITS = 7;
    private static final int MOST_SHIFT = 28;

    private EventRow() {}

    static byte[] encode(List<EventDraft> events) {
        Map<String, Integer> names = new LinkedHashMap<>();
        for (EventDraft event : events) {
            names.putIfAbsent(event.thread().value(), names.size());
            names.putIfAbsent(event.run().value(), names.size());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(FORMAT);
        number(out, names.size());
        names.keySet().forEach(name -> text(out, name));
        number(out, events.size());
        for (EventDraft event : events) {
            number(out, names.getOrDefault(event.thread().value(), 0));
            number(out, names.getOrDefault(event.run().value(), 0));
            text(out, event.json());
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int number) {
        int rest = number;
        while (rest > LOW_BITS) {
            out.write((rest & LOW_BITS) | MORE);
            rest >>>= BITS;
        }
        out.write(rest);
    }

    /**
     * Reads a row.
     *
     * @param first the sequence of its first event
     * @throws IllegalArgumentException if these are not the bytes of a row
     */
    static List<UserEvent> decode(long first, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != FORMAT) {
                throw new IllegalArgumentException("a row of events has an unknown format");
            }
            String[] names = new String[count(in)];
            for (int i = 0; i < names.length; i++) {
                names[i] = text(in);
            }
            int count = count(in);
            List<UserEvent> events = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                ThreadId thread = new ThreadId(names[number(in)]);
                RunId run = new RunId(names[number(in)]);
                events.add(new UserEvent(first + i, thread, run, text(in)));
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("a row of events has something behind its end");
            }
            return events;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a row of events is torn", e);
        }
    }

    private static String text(ByteBuffer in) {
        int length = count(in);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A number of things that follow, each at least one byte long. */
    private static int count(ByteBuffer in) {
        int count = number(in);
        if (count < 0 || count > in.remaining()) {
            throw new IllegalArgumentException("a row of events is torn");
        }
        return count;
    }

    private static int number(ByteBuffer in) {
        int number = 0;
        for (int shift = 0; shift <= MOST_SHIFT; shift += BITS) {
            byte next = in.get();
            number |= (next & LOW_BITS) << shift;
            if ((next & MORE) == 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a row of events is torn");
    }
}
