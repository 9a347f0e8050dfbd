package io.insula.agent.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a plugin may ask for beyond the rules; the operator grants it to one file of one plugin. */
public enum Capability {
    /** Connections to other machines. */
    NETWORK_CLIENT("network-client", "open connections to other machines, also through libraries"),
    /** Files of the machine, which are also the platform's own. */
    FILES("files", "read and write every file that the platform may, users' data and keys included"),
    /** Programs beside the platform. */
    PROCESS("process", "start programs, and end them"),
    /** Threads that a bundled library makes. */
    LIBRARY_THREADS("library-threads", "let the libraries that it brings make threads, which stay when its runs end"),
    /** Classes that the gate has not seen. */
    LIBRARY_CLASSES("library-classes",
            "let the libraries that it brings make or load classes which nobody has looked at");

    private final String id;
    private final String allows;

    Capability(String id, String allows) {
        this.id = id;
        this.allows = allows;
    }

    /** The word for it in a manifest and in the configuration. */
    public String id() {
        return id;
    }

    /** What a plugin that has it may do. */
    public String allows() {
        return allows;
    }

    /** The capability of a word. */
    public static Optional<Capability> of(String id) {
        return Arrays.stream(values()).filter(capability -> capability.id.equals(id)).findFirst();
    }

    /** All words, in the order of the documentation. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Capability::id).toList();
    }
}
