package io.insula.transport.websocket;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Describes a failure for the log by types and places alone: messages of exceptions may hold what users said. */
final class FailureTrace {
    private static final int MAX_CAUSES = 4;
    private static final int MAX_FRAMES = 8;

    private FailureTrace() {}

    static String of(Throwable failure) {
        var text = new StringJoiner(" <- ");
        @Nullable
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            text.add(cause.getClass().getName() + places(cause.getStackTrace()));
            cause = cause.getCause();
        }
        return text.toString();
    }

    private static String places(StackTraceElement[] frames) {
        var text = new StringJoiner(" ", "[", "]");
        for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
            text.add(frames[i].getClassName() + "." + frames[i].getMethodName() + ":" + frames[i].getLineNumber());
        }
        return text.toString();
    }
}
