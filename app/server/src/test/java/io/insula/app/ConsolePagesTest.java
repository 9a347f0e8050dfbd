package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsolePagesTest {
    @Test
    void everyFileThatThePageNamesIsServed() {
        var named = new TreeSet<String>();
        var matcher = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"").matcher(text("/"));
        while (matcher.find()) {
            named.add(matcher.group(1));
        }

        assertEquals(new TreeSet<>(Set.of("/console/icon.svg", "/console/start.css", "/console/start.js")), named);
        assertTrue(ConsolePages.all().keySet().containsAll(named));
    }

    @Test
    void nothingOfThePageNeedsMoreThanAStrictPolicyAllows() {
        var page = text("/");

        assertFalse(Pattern.compile("<script(?![^>]*src=)").matcher(page).find(), "script in the page");
        assertFalse(Pattern.compile("<style|\\sstyle=|\\son[a-z]+=|javascript:").matcher(page).find(),
                "style or handler");
        ConsolePages.all().keySet().forEach(path -> assertFalse(
                Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg|127\\.0\\.0\\.1)").matcher(text(path)).find(),
                path));
        assertFalse(text("/console/start.js").contains("innerHTML"));
    }

    @Test
    void everyElementThatTheScriptReachesForIsInThePage() {
        var page = text("/");
        var matcher = Pattern.compile("(?:element|setCommand)\\(\"([a-z-]+)\"").matcher(text("/console/start.js"));
        var found = 0;
        while (matcher.find()) {
            found++;
            assertTrue(page.contains("id=\"" + matcher.group(1) + "\""), matcher.group(1));
        }
        assertTrue(found > 10, "the pattern finds nothing any more");
    }

    private static String text(String path) {
        var page = ConsolePages.all().get(path);
        assertTrue(page != null, path);
        return page == null ? "" : StandardCharsets.UTF_8.decode(page.content()).toString();
    }
}
