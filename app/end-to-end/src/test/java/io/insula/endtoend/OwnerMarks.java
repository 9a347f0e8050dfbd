package io.insula.endtoend;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Looks for the marks that stand behind whatever a user says, so that it is known as that user's wherever it turns up.
 * Safe for any number of threads.
 */
final class OwnerMarks {
    /** Not found in what was cut, such as a title. */
    private static final Pattern MARK = Pattern.compile("\\.of\\.([a-z]+(?:-[0-9]+)*)\\.");

    private final String subject;
    private final AtomicLong own = new AtomicLong();

    /** Looks for a user. */
    OwnerMarks(String subject) {
        this.subject = subject;
    }

    /** The mark of a user. */
    static String of(String subject) {
        return ".of." + subject + ".";
    }

    /** Looks through a frame, and returns to which other users something in it belongs. */
    List<String> foreign(String frame) {
        var owners = MARK.matcher(frame).results().map(match -> match.group(1)).toList();
        own.addAndGet(owners.stream().filter(subject::equals).count());
        return owners.stream().filter(owner -> !owner.equals(subject)).toList();
    }

    /** How many marks of the user were found so far. */
    long own() {
        return own.get();
    }
}
