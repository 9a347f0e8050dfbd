package io.insula.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of bad input holds every case once, in order, and each has a test with its number as a tag. */
class BadInputTest {
    private static final Pattern ROW = Pattern.compile("^\\| ([A-Z])(\\d+) \\|", Pattern.MULTILINE);
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z])(\\d+)\"\\)");
    /** How many cases there are of each kind. */
    private static final Map<String, Integer> CASES = Map.of("W", 63, "J", 25);

    @Test
    void theTableHoldsEveryCaseOnceAndInOrder() throws IOException {
        for (Map.Entry<String, Integer> kind : CASES.entrySet()) {
            List<Integer> rows =
                    numbers(ROW, Files.readString(Shipped.ROOT.resolve("docs/bad-input.md")), kind.getKey());

            assertEquals(IntStream.rangeClosed(1, kind.getValue()).boxed().toList(), rows, kind.getKey());
        }
    }

    @Test
    void everyCaseHasATest() throws IOException {
        List<String> tests = testSources();
        for (Map.Entry<String, Integer> kind : CASES.entrySet()) {
            SortedSet<Integer> tagged = new TreeSet<>();
            for (String test : tests) {
                tagged.addAll(numbers(TAG, test, kind.getKey()));
            }

            SortedSet<Integer> all = new TreeSet<>(IntStream.rangeClosed(1, kind.getValue()).boxed().toList());
            assertEquals(all, tagged, kind.getKey());
        }
    }

    @Test
    void aCaseThatIsMissingIsNoticed() {
        assertEquals(List.of(1, 3), numbers(ROW, "| W1 | a |\n| J2 | b |\n| W3 | c |\n", "W"));
        assertEquals(List.of(4), numbers(TAG, "@Test @Tag(\"W4\") @Tag(\"J5\") @Tag(\"slow\")", "W"));
    }

    private static List<Integer> numbers(Pattern pattern, String text, String kind) {
        List<Integer> numbers = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(kind)) {
                numbers.add(Integer.parseInt(matcher.group(2), 10));
            }
        }
        return Collections.unmodifiableList(numbers);
    }

    private static List<String> testSources() throws IOException {
        List<String> sources = new ArrayList<>();
        Files.walkFileTree(Shipped.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return name.equals("target") || name.startsWith(".") || folder.endsWith("src/main")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(".java")) {
                    sources.add(Files.readString(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }
}
