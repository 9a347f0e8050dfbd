package io.insula.endtoend;

import static io.insula.endtoend.Attack.open;
import static io.insula.endtoend.Attack.stopped;

import java.util.List;

/** Ways to harm what all users share: the process, its settings, its files, its machine. */
final class AttacksOnTheProcess {
    private static final String SERVED = ", and then another user is served";

    private AttacksOnTheProcess() {}

    static List<Attack> ofNativeCode() {
        return List.of(
                stopped("native-library", "loads a native library", "native-code", "IllegalCallerException",
                        "return outcome(() -> { System.load(\"/lib/x86_64-linux-gnu/libc.so.6\"); return \"loaded\"; });"),
                stopped("foreign-memory", "calls native code and reads memory through the linker", "native-code",
                        "IllegalCallerException", """
                                return outcome(() -> java.lang.foreign.Linker.nativeLinker().downcallHandle(
                                        java.lang.foreign.FunctionDescriptor.ofVoid()),
                                        () -> java.lang.foreign.MemorySegment.ofAddress(1).reinterpret(8));
                                """),
                stopped("attach", "attaches to its own process to bring an agent of the JDK's kind", "class-loading",
                        "ClassNotFoundException", """
                                return outcome(() -> Class.forName("com.sun.tools.attach.VirtualMachine"),
                                        () -> Class.forName("java.lang.instrument.Instrumentation", false,
                                                ClassLoader.getPlatformClassLoader()));
                                """));
    }

    static List<Attack> ofTheMachine() {
        return List.of(
                open("heap-dump", "writes the whole heap to a file by the JDK's management", "class-loading", "written", """
                        var type = ClassLoader.getPlatformClassLoader().loadClass("java.lang.management.ManagementFactory");
                        var wanted = ClassLoader.getPlatformClassLoader()
                                .loadClass("com.sun.management.HotSpotDiagnosticMXBean");
                        var bean = type.getMethod("getPlatformMXBean", Class.class).invoke(null, wanted);
                        var file = File.createTempFile("heap", ".hprof");
                        if (!file.delete()) {
                            return "not written";
                        }
                        wanted.getMethod("dumpHeap", String.class, boolean.class).invoke(bean, file.toString(), true);
                        return file.length() > 0 && file.delete() ? "written" : "not written";
                        """),
                open("data-folder", "reads other users' words in the data folder", "files", "the words of another user", """
                        var words = "kept by " + "another user";
                        try (var files = java.nio.file.Files.walk(java.nio.file.Path.of(System.getenv("INSULA_DATA_DIR")))) {
                            for (var file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
                                if (java.nio.file.Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                                        .contains(words)) {
                                    return "the words of another user";
                                }
                            }
                        }
                        return "nothing";
                        """),
                open("written-file", "writes a file into the data folder", "files", "written", """
                        var file = new File(System.getenv("INSULA_DATA_DIR"), "left-by-a-plugin");
                        try (var out = new FileOutputStream(file)) {
                            out.write(1);
                        }
                        return file.delete() ? "written" : "not written";
                        """),
                open("program", "starts a program", "processes", "it ran",
                        "return new ProcessBuilder(\"true\").start().waitFor() == 0 ? \"it ran\" : \"it failed\";"),
                open("network", "connects to a port of the machine", "network", "connected", """
                        try (var server = new java.net.ServerSocket(0);
                                var socket = new java.net.Socket("localhost", server.getLocalPort())) {
                            return socket.isConnected() ? "connected" : "refused";
                        }
                        """),
                open("environment", "reads all of the environment", "process-wide", "the folder of the data",
                        "return System.getenv().containsKey(\"INSULA_DATA_DIR\") ? \"the folder of the data\" : \"nothing\";"),
                open("one-variable", "reads one variable of the environment by its name", "process-wide",
                        "the folder of the data",
                        "return System.getenv(\"INSULA_DATA_DIR\") != null ? \"the folder of the data\" : \"nothing\";"),
                open("one-property", "reads one system property by its name", "process-wide",
                        "the folder of the installation",
                        "return System.getProperty(\"insula.home\") != null ? \"the folder of the installation\" : \"nothing\";"),
                stopped("serialized", "makes objects of the platform out of bytes", "serialization",
                        "ClassNotFoundException",
                        """
                                var bytes = new ByteArrayOutputStream();
                                try (var out = new DataOutputStream(bytes)) {
                                    out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
                                    out.writeShort(ObjectStreamConstants.STREAM_VERSION);
                                    out.writeByte(ObjectStreamConstants.TC_OBJECT);
                                    out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
                                    out.writeUTF("com.google.common.collect.HashBiMap");
                                    out.writeLong(0);
                                    out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
                                    out.writeShort(0);
                                    out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
                                    out.writeByte(ObjectStreamConstants.TC_NULL);
                                }
                                return outcome(() -> new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))
                                        .readObject());
                                """),
                open("sealed-object", "makes objects out of bytes by way of a cipher", "serialization", "an object", """
                        var cipher = new javax.crypto.NullCipher();
                        var sealed = new javax.crypto.SealedObject(new ArrayList<>(List.of("kept")), cipher);
                        return sealed.getObject(cipher) instanceof List ? "an object" : "nothing";
                        """),
                stopped("shared-locks", "holds locks that others might need while another user works", "shared-locks",
                        "held",
                        """
                                synchronized (Agent.class) {
                                    synchronized ("io.insula") {
                                        synchronized (org.slf4j.LoggerFactory.class) {
                                            context.ask(new Question.Text("holding"));
                                            return "held";
                                        }
                                    }
                                }
                                """),
                stopped("context-lock", "holds the locks of its own context while another user works", "", "held", """
                        synchronized (context) {
                            synchronized (context.input()) {
                                context.ask(new Question.Text("holding"));
                                return "held";
                            }
                        }
                        """).admitted());
    }

    /** Tried in an application of their own, in this order, as they may leave it spoiled. */
    static List<Attack> thatSpoil() {
        return List.of(
                open("uncaught-handler", "takes the errors of all threads", "process-wide", "set" + SERVED, """
                        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
                        return Thread.getDefaultUncaughtExceptionHandler() == null ? "not set" : "set";
                        """),
                open("interrupts", "interrupts every thread that it finds", "threads", "interrupted" + SERVED, """
                        for (var thread : Thread.getAllStackTraces().keySet()) {
                            if (thread != Thread.currentThread()) {
                                thread.interrupt();
                            }
                        }
                        return "interrupted";
                        """),
                open("default-locale", "changes the language of the process", "process-wide", "tr" + SERVED, """
                        Locale.setDefault(Locale.of("tr"));
                        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
                        return Locale.getDefault().toString();
                        """),
                open("log-stream", "takes the stream of the log", "process-wide", "set" + SERVED, """
                        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
                        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
                        return "set";
                        """),
                open("security-provider", "adds a provider of its own for the whole process", "process-wide",
                        "1" + SERVED, """
                        return String.valueOf(java.security.Security.insertProviderAt(new Own(), 1));
                        """).with("""
                                static final class Own extends java.security.Provider {
                                    private static final long serialVersionUID = 1L;
                                    Own() { super("own", "1", "own"); }
                                }
                                """),
                open("shutdown-hook", "waits for the end of the process", "exit", "added" + SERVED, """
                        Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
                        return "added";
                        """),
                open("emptied-provider", "takes all digests and ciphers away from the process", "process-wide",
                        "agent-failed, and then another user is not served", """
                        Properties provider = java.security.MessageDigest.getInstance("SHA-256").getProvider();
                        provider.clear();
                        return "emptied";
                        """));
    }

    /** Each ends the process that it is tried in. */
    static List<Attack> thatEnd() {
        return List.of(
                open("exit", "ends the process", "exit", "the process ends with status 7",
                        "System.exit(7); return \"\";"),
                open("halt", "ends the process without a word", "exit", "the process ends with status 8",
                        "Runtime.getRuntime().halt(8); return \"\";"));
    }

    /** The plugin of others that the attackers are after; the gate has nothing against it. */
    static Attack vault() {
        return stopped("vault", "", "", "", """
                var before = context.store().get("secret");
                if (context.input().text().startsWith("keep ")) {
                    context.store().put("secret", "kept by another user");
                    return context.ask(new Question.Text("Shall I open the vault?"));
                }
                return before.orElse("nothing is kept for this user");
                """).admitted();
    }
}
