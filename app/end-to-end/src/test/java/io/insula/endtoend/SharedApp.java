package io.insula.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives all classes that ask for a {@link PackagedApp} the same one, with the agents of the scenarios. Each test has
 * users of its own, so that whatever one could see of another is a finding and not a nuisance.
 */
final class SharedApp implements ParameterResolver {
    /** The application, and the folder that goes with it. */
    private record Shared(PackagedApp app, Path folder) implements AutoCloseable {
        static Shared start() {
            try {
                var folder = Files.createTempDirectory("insula-end-to-end");
                return new Shared(PackagedApp.start(Installation.withScenarios(folder)), folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            app.close();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PackagedApp.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(Namespace.GLOBAL)
                .computeIfAbsent(Shared.class, type -> Shared.start(), Shared.class).app();
    }
}
