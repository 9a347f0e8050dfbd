package io.insula.endtoend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the record of {@link FaultyFiles}: whatever was sent about a mark must have been written to a file of the journal
 * before, and that file synced in between. A sync that fails makes what was written before it worth nothing: the
 * operating system may have dropped it, and says so only once.
 */
final class SyncTrace {
    /** The last time that something of a file was written, by mark, and what of it is on the disk. */
    private static final class JournalFile {
        private final Set<String> written = new HashSet<>();
        private final Set<String> beingSynced = new HashSet<>();
        private int syncsUnderWay;
    }

    private final Map<String, JournalFile> files = new HashMap<>();
    private final Set<String> durable = new HashSet<>();
    private final Map<String, Integer> sent = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int failures;

    static SyncTrace of(List<String> lines) {
        var trace = new SyncTrace();
        for (int i = 0; i < lines.size(); i++) {
            trace.read(i + 1, lines.get(i).split(" ", 3));
        }
        return trace;
    }

    private void read(int number, String[] words) {
        var file = files.computeIfAbsent(words[1], name -> new JournalFile());
        switch (words[0]) {
            case "write" -> file.written.add(words[2]);
            case "begin" -> {
                file.syncsUnderWay++;
                file.beingSynced.addAll(file.written);
            }
            case "synced" -> synced(file, words[2].equals("ok"));
            case "send" -> {
                sent.merge(words[1], 1, Integer::sum);
                if (!durable.contains(words[2]) && !words[1].equals("other")) {
                    violations.add("line " + number + ": " + words[1] + " sent about " + words[2]
                            + ", which no sync has put on the disk");
                }
            }
            default -> violations.add("line " + number + ": unknown " + words[0]);
        }
    }

    private void synced(JournalFile file, boolean done) {
        file.syncsUnderWay--;
        if (done) {
            durable.addAll(file.beingSynced);
        } else {
            failures++;
            file.written.clear();
        }
        if (file.syncsUnderWay == 0) {
            file.beingSynced.clear();
        }
    }

    /** What was sent too early. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** How many frames of a kind, {@code accepted} or {@code events}, were about a mark. */
    int sent(String kind) {
        return sent.getOrDefault(kind, 0) + sent.getOrDefault("both", 0);
    }

    boolean isDurable(String mark) {
        return durable.contains(mark);
    }

    int failedSyncs() {
        return failures;
    }
}
