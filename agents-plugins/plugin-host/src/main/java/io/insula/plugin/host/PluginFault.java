package io.insula.plugin.host;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an exception of a plugin once it has crossed the border: text, taken in the thread that caught it.
 * The exception itself is never kept or logged, because it would hold the plugin's classes and its methods are the
 * plugin's code.
 *
 * @param type the class of the exception
 * @param details class, message, causes and first frames, for the log alone
 */
record PluginFault(String type, String details) {
    private static final int MAX_MESSAGE_CHARACTERS = 300;
    private static final int MAX_CAUSES = 3;
    private static final int MAX_FRAMES = 10;

    static PluginFault of(Throwable thrown) {
        var parts = new ArrayList<String>();
        Throwable current = innermostOfReflection(thrown);
        var type = current.getClass().getName();
        for (int i = 0; i <= MAX_CAUSES && current != null; i++) {
            parts.add(current.getClass().getName() + ": " + messageOf(current));
            parts.addAll(framesOf(current));
            current = causeOf(current);
        }
        return new PluginFault(type, String.join(" | ", parts));
    }

    private static Throwable innermostOfReflection(Throwable thrown) {
        // A subclass is not looked into: its methods are the plugin's.
        if (thrown.getClass() == InvocationTargetException.class
                && thrown instanceof InvocationTargetException invocation) {
            var target = invocation.getTargetException();
            return target == null ? thrown : target;
        }
        return thrown;
    }

    private static String messageOf(Throwable thrown) {
        try {
            var message = thrown.getMessage();
            return message == null ? "(no message)" : PlainText.of(message, MAX_MESSAGE_CHARACTERS);
        } catch (Throwable hostile) {
            return "(its message cannot be read: " + hostile.getClass().getName() + ")";
        }
    }

    private static List<String> framesOf(Throwable thrown) {
        var frames = new ArrayList<String>();
        try {
            for (var frame : thrown.getStackTrace()) {
                if (frames.size() == MAX_FRAMES) {
                    break;
                }
                frames.add("at " + PlainText.of(frame.toString(), MAX_MESSAGE_CHARACTERS));
            }
        } catch (Throwable hostile) {
            frames.add("(its frames cannot be read: " + hostile.getClass().getName() + ")");
        }
        return frames;
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable hostile) {
            return null;
        }
    }
}
