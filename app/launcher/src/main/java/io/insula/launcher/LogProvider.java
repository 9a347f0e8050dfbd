package io.insula.launcher;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.simple.SimpleServiceProvider;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of the process: SLF4J's simple one, whose lines also say which plugin wrote them.
 *
 * <p>Made once, by SLF4J, which finds it by {@link LogDefaults}. Safe for any number of threads after
 * {@link #initialize()}.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private final SimpleServiceProvider simple = new SimpleServiceProvider();
    private final ILoggerFactory loggers =
            new SourcedLoggers(name -> simple.getLoggerFactory().getLogger(name), "io.insula.app");

    /** Made by SLF4J alone. */
    public LogProvider() {}

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return simple.getMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return simple.getMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return simple.getRequestedApiVersion();
    }

    @Override
    public void initialize() {
        simple.initialize();
    }
}
