package io.insula.plugin.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.module.ModuleReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.pf4j.processor.ExtensionStorage;
import org.pf4j.processor.IndexedExtensionStorage;

/** The list of {@code @Extension} classes that PF4J's annotation processor writes into a plugin's jar. */
final class ExtensionIndex {
    static final String RESOURCE = IndexedExtensionStorage.EXTENSIONS_RESOURCE;

    private ExtensionIndex() {}

    /** The names of the classes, sorted; empty without an index. */
    static Set<String> read(ModuleReader ownModule) throws IOException {
        var names = new TreeSet<String>();
        var index = ownModule.open(RESOURCE);
        if (index.isPresent()) {
            try (InputStream in = index.get(); var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                ExtensionStorage.read(reader, names);
            }
        }
        return names;
    }
}
