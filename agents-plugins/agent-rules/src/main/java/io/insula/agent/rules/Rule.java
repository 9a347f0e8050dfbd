package io.insula.agent.rules;

import java.util.Optional;

/**
 * Something that no plugin does. This is the one definition of each rule: the scanner, the messages and the
 * documentation take their words from here.
 */
public enum Rule {
    /** The file itself. */
    ARCHIVE("archive", Scope.FILE,
            "a file that is no jar or zip, is damaged, leads out of itself or unpacks to too much, or that holds classes for"
                    + " a newer Java or with preview features",
            "Build it again, with --release of the platform's Java."),
    /** What the plugin says of itself. */
    DESCRIPTOR("descriptor", Scope.FILE,
            "a manifest without a proper Plugin-Id and Plugin-Version, one for another platform, or two in one file",
            "Mend the entries of META-INF/MANIFEST.MF."),
    /** Which modules it reads. */
    REQUIRED_MODULES("required-modules", Scope.FILE,
            "a module that requires one which plugins may not use, or a plugin's jar without module-info.class",
            "Require io.insula.agent, org.slf4j, jakarta.inject and the modules listed in the documentation."),
    /** Names that belong to the platform. */
    PLATFORM_NAMES("platform-names", Scope.FILE,
            "a module or package with a name of the JDK's or the platform's",
            "Leave it out of the archive: in Maven, give that dependency the scope provided."),
    /** What it asks for. */
    CAPABILITIES("capabilities", Scope.FILE,
            "a capability that the operator has not granted to this very file",
            "Look at the plugin, then grant it in plugins.grants; or use a file that asks for less."),
    /** What cannot be read. */
    CLASS_FILE("class-file", Scope.OWN_AND_LIBRARIES,
            "a class file that cannot be read",
            "Compile it again with javac."),
    /** An engine beside the one. */
    ENGINE("engine", Scope.OWN,
            "a class named like an engine, one that implements what only an engine gives out, and a call of an agent or tool"
                    + " past the engine",
            "Name the class for what it is; run agents by AgentContext.delegate and tools by AgentContext.call."),
    /** What outlives a run, by a field of a class. */
    STATIC_STATE("static-state", Scope.OWN,
            "a static field that can change, or whose object can",
            "Make it final and of an unchangeable type (List.of, Map.copyOf, a record), or keep it in the agent, which is"
                    + " made anew for each run; what belongs to a user goes into AgentContext.store."),
    /** What outlives a run, by an object that all runs share. */
    SHARED_STATE("shared-state", Scope.OWN,
            "a field that can change in a class marked @Singleton or bound by bindShared",
            "Make its fields final and of unchangeable types, or bind the class without sharing it."),
    /** Threads. */
    THREADS("threads", Scope.OWN_AND_LIBRARIES,
            "making threads, executors or timers, or using the shared pool by parallel streams or asynchronous futures",
            "Work in the run's own thread; AgentContext.delegateAll runs parts at the same time.",
            Optional.empty(), Optional.of(Capability.LIBRARY_THREADS)),
    /** What stays in a thread. */
    THREAD_LOCALS("thread-locals", Scope.OWN,
            "ThreadLocal, ScopedValue and ClassValue",
            "Hand the value on as a parameter."),
    /** Locks that everybody shares. */
    SHARED_LOCKS("shared-locks", Scope.OWN,
            "locking a class or a text, by which the runs of all users wait for each other",
            "Runs share nothing that can change, so there is nothing to lock; drop synchronized."),
    /** Ends the process. */
    EXIT("exit", Scope.OWN_AND_LIBRARIES,
            "ending the process, and hooks for its end",
            "Throw AgentFailure to end the run."),
    /** Other programs. */
    PROCESSES("processes", Scope.OWN_AND_LIBRARIES,
            "starting or ending programs",
            "Do it in Java.", Optional.of(Capability.PROCESS), Optional.of(Capability.PROCESS)),
    /** Code that Java does not see. */
    NATIVE_CODE("native-code", Scope.OWN_AND_LIBRARIES,
            "native methods, loading native libraries, and foreign memory",
            "Use a library in Java alone; the platform runs with native access denied."),
    /** Finding members at run time. */
    REFLECTION("reflection", Scope.OWN,
            "finding and calling members by reflection or method handles, proxies, walking the stack, Unsafe",
            "Call the code directly; a sealed interface with a switch replaces a look-up by name."),
    /** Classes from elsewhere. */
    CLASS_LOADING("class-loading", Scope.OWN_AND_LIBRARIES,
            "class loaders, finding classes by name, making classes at run time, and resources of other classes than the"
                    + " plugin's own",
            "Name the class in the code; read resources by Own.class.getResourceAsStream, of a class of the plugin.",
            Optional.empty(), Optional.of(Capability.LIBRARY_CLASSES)),
    /** Ways up. */
    LAYERS("layers", Scope.OWN,
            "modules and layers as objects, and ServiceLoader",
            "Bind implementations with PluginBindings."),
    /** What the whole process has once. */
    PROCESS_WIDE("process-wide", Scope.OWN_AND_LIBRARIES,
            "settings, streams and registries of the whole process: the environment and system properties, System.set*,"
                    + " System.out, default locale and time zone, providers, factories of addresses, java.util.logging",
            "Log by org.slf4j; hand settings on as parameters (a Locale, a ZoneId); what the plugin itself is set to stands"
                    + " in a resource of its jar."),
    /** The network. */
    NETWORK("network", Scope.OWN_AND_LIBRARIES,
            "connections to other machines",
            "Take what the agent needs as an attachment.", Optional.of(Capability.NETWORK_CLIENT),
            Optional.of(Capability.NETWORK_CLIENT)),
    /** Files. */
    FILES("files", Scope.OWN,
            "files of the machine, and XML parsers, which follow references to files and addresses",
            "Read attachments by AgentContext, resources by Class.getResourceAsStream; keep notes in AgentContext.store.",
            Optional.of(Capability.FILES), Optional.empty()),
    /** Code that runs when the garbage collector likes. */
    CLEANERS("cleaners", Scope.OWN,
            "finalizers, cleaners and reference queues",
            "Close what you open with try-with-resources."),
    /** Objects out of bytes. */
    SERIALIZATION("serialization", Scope.OWN,
            "Java's object streams",
            "Use records; the platform turns them into JSON."),
    /** What the JVM asks before it links a call. */
    BOOTSTRAPS("bootstraps", Scope.OWN,
            "call sites and constants that anything but the Java compiler's own bootstrap methods makes",
            "Compile with javac."),
    /** Hidden parts of the platform. */
    HIDDEN_TYPES("hidden-types", Scope.OWN,
            "classes of the platform other than io.insula.agent, jakarta.inject and org.slf4j",
            "Use io.insula.agent; nothing else is there when the plugin runs."),
    /** All else of the JDK. */
    JDK_TYPES("jdk-types", Scope.OWN,
            "classes and methods of the JDK that are not on the list of those which are harmless",
            "Use the listed ones, or bring a library for it.");

    /** What a rule is about. */
    enum Scope {
        /** The file as a whole. */
        FILE("the file"),
        /** The classes of the plugin's own jar. */
        OWN("own classes"),
        /** Those, and a part of the rule holds for bundled libraries. */
        OWN_AND_LIBRARIES("own classes, libraries");

        private final String words;

        Scope(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private final String id;
    private final Scope scope;
    private final String forbids;
    private final String remedy;
    private final Optional<Capability> own;
    private final Optional<Capability> libraries;

    Rule(String id, Scope scope, String forbids, String remedy) {
        this(id, scope, forbids, remedy, Optional.empty(), Optional.empty());
    }

    Rule(String id, Scope scope, String forbids, String remedy, Optional<Capability> own,
            Optional<Capability> libraries) {
        this.id = id;
        this.scope = scope;
        this.forbids = forbids;
        this.remedy = remedy;
        this.own = own;
        this.libraries = libraries;
    }

    /** Its name in messages and in the documentation; never changes. */
    public String id() {
        return id;
    }

    /** What it forbids. */
    public String forbids() {
        return forbids;
    }

    /** What an author does instead. */
    public String remedy() {
        return remedy;
    }

    /**
     * The capability that lifts it.
     *
     * @param library whether the class in question is of a bundled library
     */
    public Optional<Capability> liftedBy(boolean library) {
        return library ? libraries : own;
    }

    /** Which classes it is about, in words. */
    String scopeWords() {
        return scope.words();
    }

    /** The table of all rules in the documentation, in Markdown. */
    static String asMarkdown() {
        var text = new StringBuilder("| rule | holds for | forbids | instead | lifted by |\n|---|---|---|---|---|\n");
        for (var rule : values()) {
            var lifted = new java.util.TreeSet<String>();
            rule.own.ifPresent(capability -> lifted.add("`" + capability.id() + "`"));
            rule.libraries.filter(capability -> rule.own.isEmpty())
                    .ifPresent(capability -> lifted.add("`" + capability.id() + "` (libraries)"));
            text.append("| `").append(rule.id).append("` | ").append(rule.scopeWords()).append(" | ")
                    .append(rule.forbids).append(" | ").append(rule.remedy).append(" | ")
                    .append(String.join(", ", lifted)).append(" |\n");
        }
        return text.toString();
    }
}
