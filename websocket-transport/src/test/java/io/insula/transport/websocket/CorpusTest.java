package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Tries what fuzzing has gathered; {@code mvn -Pfuzz} gathers more. */
class CorpusTest {
    @TestFactory
    Stream<DynamicTest> frames() throws Exception {
        return tests("frames", FrameTarget::run);
    }

    @TestFactory
    Stream<DynamicTest> messages() throws Exception {
        return tests("messages", new MessageTarget()::run);
    }

    @TestFactory
    Stream<DynamicTest> tokens() throws Exception {
        return tests("tokens", new TokenTarget()::run);
    }

    private static Stream<DynamicTest> tests(String target, ThrowingConsumer<byte[]> run)
            throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(
                CorpusTest.class.getResource("TransportFuzzTestInputs/" + target)).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            assertTrue(all.size() > 10, "so few: " + all);
            return all.stream().map(file -> DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> run.accept(Files.readAllBytes(file))));
        }
    }
}
