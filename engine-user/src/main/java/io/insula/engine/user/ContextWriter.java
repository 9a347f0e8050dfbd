package io.insula.engine.user;

import io.insula.agent.ContextMisuseException;
import io.insula.agent.MessageWriter;
import java.util.function.Consumer;

/** A message or thought that is being written. Used by the thread of its call. */
final class ContextWriter implements MessageWriter {
    private final CallScope scope;
    private final Consumer<String> write;
    private final Runnable end;
    private boolean closed;

    ContextWriter(CallScope scope, Consumer<String> write, Runnable end) {
        this.scope = scope;
        this.write = write;
        this.end = end;
    }

    @Override
    public void write(String text) {
        scope.check();
        if (closed) {
            throw new ContextMisuseException("The message is closed.");
        }
        write.accept(WellFormed.text(text));
    }

    @Override
    public void close() {
        // A run that has ended has closed its messages; to throw here would hide why the writing stopped.
        if (closed || scope.run().ended) {
            return;
        }
        scope.check();
        closed = true;
        end.run();
    }
}
