package io.insula.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The signals of this process. */
final class ProcessSignals implements Signals {
    private static final int INTERRUPTED = 130;

    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public void onStop(Runnable stop) {
        List.of("INT", "TERM", "HUP").forEach(name -> handle(name, stop));
    }

    private void received(Runnable stop) {
        if (asked.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        stop.run();
    }

    // By reflection: javac warns of any mention of sun.misc, and that warning cannot be suppressed. The package is part
    // of the supported module jdk.unsupported, and the JDK has no other way to hear a second signal.
    @SuppressWarnings("ReferenceEquality") // a handler equals itself alone
    private void handle(String name, Runnable stop) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler received = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    received(stop);
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> "handler of " + name;
            };
            signal.getMethod("handle", signal, handler).invoke(
                    null,
                    signal.getConstructor(String.class).newInstance(name),
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler}, received));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("signal " + name + " cannot be handled", e);
        }
    }
}
