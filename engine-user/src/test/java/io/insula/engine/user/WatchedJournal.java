package io.insula.engine.user;

import io.insula.agent.UserId;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;

/** A journal that tells the model of every append, when it is asked for and when it is done. */
final class WatchedJournal {
    private WatchedJournal() {}

    static EventJournal of(EventJournal journal, Reference reference) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                if (!method.getName().equals("append")) {
                    return method.invoke(journal, arguments);
                }
                ReferenceUser user = reference.user((UserId) arguments[0]);
                Decision decision = user.decide((JournalAppend) arguments[1]);
                CompletionStage<?> written = (CompletionStage<?>) method.invoke(journal, arguments);
                return written.whenComplete((place, failure) -> user.written(decision, failure == null));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return EventJournal.class.cast(Proxy.newProxyInstance(
                EventJournal.class.getClassLoader(), new Class<?>[]{EventJournal.class}, handler));
    }
}
