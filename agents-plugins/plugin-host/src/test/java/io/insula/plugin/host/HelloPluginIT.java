package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentInput;
import io.insula.agent.AgentResult;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the hello plugin as its own build made it. */
final class HelloPluginIT {
    @TempDir
    Path root;

    @Test
    void the_hello_plugin_loads_and_greets() throws Exception {
        var folder = new PluginFolder(root);
        Files.copy(Path.of(System.getProperty("hello.jar", "")), folder.file("hello.jar"));
        var said = new ArrayList<Object>();
        var context = (AgentContext) Proxy.newProxyInstance(AgentContext.class.getClassLoader(),
                new Class<?>[]{AgentContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("say")) {
                        said.add(arguments[0]);
                        return null;
                    }
                    return new AgentInput("Ada", List.of());
                });

        try (var host = folder.start()) {
            assertEquals(List.of(), host.plugins().stream().flatMap(report -> report.problem().stream()).toList());
            try (var lease = host.lease("hello").orElseThrow()) {
                assertEquals(AgentResult.done(), lease.newAgent().run(context));
            }
        }
        assertEquals(List.of("Hello, Ada!"), said);
    }
}
