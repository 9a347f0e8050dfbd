package io.insula.agent.rules;

import static io.insula.agent.rules.RuleCase.inLibrary;
import static io.insula.agent.rules.RuleCase.ofClasses;
import static io.insula.agent.rules.RuleCase.ofCode;
import static io.insula.agent.rules.RuleCase.ofMembers;

import java.util.List;
import java.util.stream.Stream;

/** Ways to break each rule, with the harmless twin of each. */
final class RuleCases {
    private static final String AGENT = "@Override public AgentResult run(AgentContext context) throws Exception { ";

    private static final String DONE = "return AgentResult.done(); }";

    private static final String CHARSET = "static final class Own extends java.nio.charset.Charset { %s"
            + " Own() { super(\"own\", new String[0]); }"
            + " @Override public boolean contains(java.nio.charset.Charset other) { return false; }"
            + " @Override public java.nio.charset.CharsetDecoder newDecoder() { return null; }"
            + " @Override public java.nio.charset.CharsetEncoder newEncoder() { return null; } }"
            + " static final java.nio.charset.Charset CHARSET = new Own();";

    private RuleCases() {}

    static List<RuleCase> all() {
        return Stream
                .of(ofNames(), ofState(), FunctionCases.all(), ofThreads(), ofProcess(), ofLookups(), ofPlatform(),
                        ofLibraries())
                .flatMap(List::stream).toList();
    }

    private static List<RuleCase> ofNames() {
        return List.of(
                ofClasses(Rule.ENGINE, "", "class Sample { static final class RunEngine {} }",
                        "class Sample { static final class EngineeringReport {} }"),
                ofClasses(Rule.ENGINE, "", "class Sample { interface EngineFactory {} }",
                        "class Sample { interface ReportFactory {} }"),
                ofClasses(Rule.ENGINE, "", "abstract class Sample implements UserStore {}",
                        "abstract class Sample implements Tool<Sample.In, Sample.In> { record In(String text) {} }"),
                ofClasses(Rule.ENGINE, "run", "class Sample implements Agent { final Agent next = new Other(); " + AGENT
                        + "return next.run(context); } } class Other implements Agent { " + AGENT
                        + "return AgentResult.done(); } }",
                        "class Sample implements Agent { " + AGENT
                                + "context.delegate(Delegation.to(\"other\")); return AgentResult.done(); } }"),
                ofClasses(Rule.ENGINE, "work", "class Sample { interface Runs { AgentResult run(AgentContext context)"
                        + " throws Exception; } void work(Agent agent) { Runs runs = agent::run; } }",
                        "class Sample { interface Runs { void run(AgentContext context); } void work(Runs agent) {"
                                + " Runs runs = agent::run; } }"),
                ofMembers(Rule.ENGINE, "work",
                        "<I extends Record> void work(Tool<I, ?> tool, I in, ToolContext context)"
                                + " throws Exception { tool.call(in, context); }",
                        "void work(AgentContext context) { context.call(\"tool\", \"{}\"); }"),
                ofClasses(Rule.ENGINE, "work", "class Sample implements Agent { " + AGENT + DONE
                        + " void work(AgentContext context) throws Exception { run(context); } }",
                        "class Sample { AgentResult run(AgentContext context) { return AgentResult.done(); }"
                                + " void work(AgentContext context) { run(context); } }"),
                ofClasses(Rule.ENGINE, "work", "class Sample extends Other { void work(AgentContext context)"
                        + " throws Exception { super.run(context); } } class Other implements Agent { " + AGENT + DONE
                        + " }",
                        "class Sample implements Agent { " + AGENT + DONE
                                + " void run(String text) {} void work() { run(\"a\"); } }"),
                ofMembers(Rule.ENGINE, "work",
                        "record In(String text) {} <T extends Tool<In, In>> void work(T tool, ToolContext context)"
                                + " throws Exception { tool.call(new In(\"a\"), context); }",
                        "record In(String text) {} void call(In in, ToolContext context) {}"
                                + " void work(ToolContext context) { call(new In(\"a\"), context); }"),
                ofMembers(Rule.ENGINE, "work", "static abstract class Own implements Tool<Own.In, Own.In> {"
                        + " record In(String text) {} } void work(Own tool, ToolContext context) throws Exception {"
                        + " tool.call(new Own.In(\"a\"), context); }",
                        "static abstract class Own implements Tool<Own.In, Own.In> { record In(String text) {}"
                                + " void call(String text) {} } void work(Own tool) { tool.call(\"a\"); }"),
                ofMembers(Rule.CLEANERS, "finalize",
                        "@SuppressWarnings(\"removal\") @Override protected void finalize() {}",
                        "void finalize(int number) {}"),
                ofCode(Rule.CLEANERS, "java.lang.ref.Cleaner.create();",
                        "new java.lang.ref.WeakReference<>(this).get();"),
                ofMembers(Rule.SHARED_LOCKS, "work", "static synchronized void work() {}",
                        "synchronized void work() {}"),
                ofCode(Rule.SHARED_LOCKS, "synchronized (Sample.class) { hashCode(); }",
                        "synchronized (this) { \"a\".hashCode(); }"),
                ofCode(Rule.SHARED_LOCKS, "synchronized (\"lock\") { hashCode(); }",
                        "var lock = new Object(); synchronized (lock) { hashCode(); }"),
                ofCode(Rule.SHARED_LOCKS, "synchronized (getClass()) { hashCode(); }", "getClass().hashCode();"),
                ofCode(Rule.SHARED_LOCKS, "\"a\".intern();", "\"a\".strip();"));
    }

    private static List<RuleCase> ofState() {
        return List.of(
                ofMembers(Rule.STATIC_STATE, "count", "static int count;", "int count; static final int COUNT = 3;"),
                ofMembers(Rule.STATIC_STATE, "NAMES", "static final List<String> NAMES = new ArrayList<>();",
                        "static final List<String> NAMES = List.of(\"a\");"),
                ofMembers(Rule.STATIC_STATE, "NAMES", "static final Map<String, StringBuilder> NAMES = Map.of();",
                        "static final Map<String, List<java.time.LocalDate>> NAMES = Map.of();"),
                ofMembers(Rule.STATIC_STATE, "NAMES", "static final String[] NAMES = {\"a\"};",
                        "final String[] names = {\"a\"};"),
                ofMembers(Rule.STATIC_STATE, "CACHE",
                        "static final Map<String, String> CACHE = new ConcurrentHashMap<>();",
                        "static final Map<String, Integer> CACHE = Stream.of(\"a\").collect(Collectors.toUnmodifiableMap("
                                + "text -> text, String::length));"),
                ofMembers(Rule.STATIC_STATE, "NAMES",
                        "static final List<String> NAMES = Stream.of(\"a\").collect(Collectors.toList());",
                        "static final List<String> NAMES = Stream.of(\"a\").collect(Collectors.toUnmodifiableList());"),
                ofMembers(Rule.STATIC_STATE, "NAMES",
                        "static final List<List<String>> NAMES = List.of(new"
                                + " java.util.concurrent.CopyOnWriteArrayList<>());",
                        "static final List<List<String>> NAMES = List.of(List.of((String) name()));"
                                + " static Object name() { return \"a\"; }"
                                + " List<String> all; void begin() { all = new ArrayList<>(); }"),
                ofMembers(Rule.STATIC_STATE, "NEXT",
                        "static final java.util.concurrent.atomic.AtomicInteger NEXT = new"
                                + " java.util.concurrent.atomic.AtomicInteger();",
                        "static final UUID NEXT = new UUID(1, 2);"),
                ofMembers(Rule.STATIC_STATE, "HOLDER",
                        "static final class Holder { int value; } static final Holder HOLDER = new Holder();",
                        "record Holder(int value) {} static final Holder HOLDER = new Holder(1);"),
                ofMembers(Rule.STATIC_STATE, "HOLDER", "record Holder(List<String> values) {}"
                        + " static final Holder HOLDER = new Holder(new ArrayList<>());",
                        "record Holder(String name, List<String> values) { Holder { values = List.copyOf(values); } }"
                                + " static final Holder HOLDER = new Holder(\"a\", new ArrayList<>());"),
                ofMembers(Rule.STATIC_STATE, "SHAPE", "sealed interface Shape permits Round {}"
                        + " static final class Round implements Shape { int size; } static final Shape SHAPE = new Round();",
                        "sealed interface Shape permits Round {} record Round(int size) implements Shape {}"
                                + " static final Shape SHAPE = new Round(1);"),
                ofMembers(Rule.STATIC_STATE, "BOX", "record Box<T>(T value) {}"
                        + " static final Box<List<String>> BOX = new Box<>(new ArrayList<>());",
                        "record Box(String value) {} static final Box BOX = new Box(\"a\");"),
                ofMembers(Rule.STATIC_STATE, "BOX", "record Box<T>(List<T> all) { Box { all = List.copyOf(all); } }"
                        + " static final Box<StringBuilder> BOX = new Box<>(List.of(new StringBuilder()));",
                        "record Box(List<String> all) { Box { all = List.copyOf(all); } }"
                                + " static final Box BOX = new Box(List.of(\"a\"));"),
                ofMembers(Rule.STATIC_STATE, "ALL",
                        "static final List<String[]> ALL = List.<String[]>of(new String[]{\"a\"});",
                        "static final List<List<String>> ALL = List.of(List.of(\"a\"));"),
                ofMembers(Rule.STATIC_STATE, "ALL", "static final List<?> ALL = List.of(new StringBuilder());",
                        "static final List<? extends Integer> ALL = List.of(1);"),
                ofMembers(Rule.STATIC_STATE, "ALL", "static final List ALL = List.of(new StringBuilder());",
                        "static final List<UUID> ALL = List.of();"),
                ofMembers(Rule.STATIC_STATE, "NEXT", "static final Supplier<Integer> NEXT = of(new ArrayList<>());"
                        + " static Supplier<Integer> of(List<Integer> all) { return () -> all.size(); }",
                        "static final Supplier<Integer> NEXT = () -> 1;"
                                + " static final Comparator<String> ORDER = Comparator.comparing(String::length);"),
                ofMembers(Rule.STATIC_STATE, "NAMES",
                        "static final Map<String, List<String>> NAMES = Map.of(\"a\", new ArrayList<>());",
                        "static final Map<String, List<String>> NAMES = Map.of(\"a\", List.of(\"b\"), \"c\","
                                + " Stream.of(\"d\").sorted(Comparator.naturalOrder()).toList());"),
                ofMembers(Rule.STATIC_STATE, "NAMES", "static final Optional<List<String>> NAMES = Optional.of(make());"
                        + " static List<String> make() { return new ArrayList<>(); }",
                        "static final Optional<List<String>> NAMES = Optional.of(List.of(\"a\"));"),
                ofMembers(Rule.STATIC_STATE, "NAME",
                        "static final Map.Entry<String, String> NAME = new AbstractMap.SimpleEntry<>(\"a\", \"b\");",
                        "record Entry(String key, String value) {} static final Entry NAME = new Entry(\"a\", \"b\");"),
                ofMembers(Rule.STATIC_STATE, "ALL", "interface Cell { List<String> all(); }"
                        + " static final Cell ALL = of(new ArrayList<>());"
                        + " static Cell of(List<String> all) { return () -> all; }",
                        "interface Cell { String all(); } static final Cell ALL = of(\"a\");"
                                + " static Cell of(String all) { return () -> all; }"
                                + " String told(List<String> all) { return \"told \" + all; }"),
                ofMembers(Rule.STATIC_STATE, "TIME",
                        "static final java.time.InstantSource TIME = of(new ArrayList<>());"
                                + " static java.time.InstantSource of(List<java.time.Instant> all) { return all::getFirst; }",
                        "static final java.time.InstantSource TIME = java.time.InstantSource.system();"),
                ofMembers(Rule.STATIC_STATE, "CHARSET",
                        CHARSET.formatted("final List<String> all = new ArrayList<>();"),
                        CHARSET.formatted("final List<String> all = List.of();")),
                ofClasses(Rule.STATIC_STATE, "count", "enum Sample { ONE, TWO; int count; }",
                        "enum Sample { ONE(1), TWO(2) { @Override int twice() { return 4; } }; final int count;"
                                + " Sample(int count) { this.count = count; } int twice() { return count * 2; } }"),
                ofMembers(Rule.STATIC_STATE, "table", "static final int[] table = {1, 2};",
                        "int work(TimeUnit unit) { return switch (unit) { case DAYS -> 1; default -> 2; }; }"),
                ofClasses(Rule.STATIC_STATE, "TOGETHER", "interface Sample { Set<String> TOGETHER = new HashSet<>(); }",
                        "interface Sample { Set<String> TOGETHER = Set.of(); String NAME = \"a\"; }"),
                ofClasses(Rule.SHARED_STATE, "last",
                        "@jakarta.inject.Singleton class Sample { private String last = \"\"; }",
                        "@jakarta.inject.Singleton class Sample { private final String last = \"\"; }"),
                ofClasses(Rule.SHARED_STATE, "cache", "@jakarta.inject.Singleton class Sample {"
                        + " private final Map<String, String> cache = new ConcurrentHashMap<>(); }",
                        "@jakarta.inject.Singleton class Sample { private final Map<String, String> cache;"
                                + " Sample() { cache = Map.of(\"a\", \"b\"); } }"),
                ofClasses(Rule.SHARED_STATE, "",
                        "@jakarta.inject.Singleton class Sample extends HashMap<String, String> {"
                                + " private static final long serialVersionUID = 1L; }",
                        "@jakarta.inject.Singleton class Sample extends Shape {} abstract class Shape {}"),
                ofClasses(Rule.SHARED_STATE, "", "@jakarta.inject.Singleton class Sample extends StringWriter {}",
                        "@jakarta.inject.Singleton abstract class Sample extends java.time.Clock {}"),
                ofClasses(Rule.SHARED_STATE, "count", "class Sample implements PluginBindings {"
                        + " @Override public void configure(Binder binder) { binder.bindShared(Runnable.class, Shared.class); } }"
                        + " class Shared implements Runnable { int count; @Override public void run() { count++; } }",
                        "class Sample implements PluginBindings {"
                                + " @Override public void configure(Binder binder) { binder.bind(Runnable.class, Own.class); } }"
                                + " class Own implements Runnable { int count; @Override public void run() { count++; } }"),
                ofClasses(Rule.SHARED_STATE, "bind", "class Sample { <T> void bind(PluginBindings.Binder binder,"
                        + " Class<T> type) { binder.bindShared(type, type); } }",
                        "class Sample { void bind(PluginBindings.Binder binder) {"
                                + " binder.bindShared(Sample.class, Sample.class); } }"),
                ofClasses(Rule.SHARED_STATE, "", "class Sample { void bind(PluginBindings.Binder binder) {"
                        + " BiConsumer<Class<Sample>, Class<Sample>> bind = binder::bindShared;"
                        + " bind.accept(Sample.class, Sample.class); } }",
                        "class Sample { void bindShared(Class<?> type, Class<?> other) {}"
                                + " void bind(Class<?> type) { bindShared(type, type); } }"));
    }

    private static List<RuleCase> ofThreads() {
        return List.of(
                ofCode(Rule.THREADS, "Thread.ofVirtual().start(this::hashCode);",
                        "Thread.sleep(1); Thread.currentThread().interrupt(); Thread.onSpinWait();"),
                ofCode(Rule.THREADS, "new Thread(this::hashCode);", "Runnable work = this::hashCode; work.run();"),
                ofClasses(Rule.THREADS, "", "abstract class Sample extends java.util.TimerTask {}",
                        "abstract class Sample implements Runnable {}"),
                ofCode(Rule.THREADS, "Executors.newCachedThreadPool();",
                        "Executor own = Runnable::run; own.execute(() -> {});"),
                ofCode(Rule.THREADS, "ForkJoinPool.commonPool();", "new CountDownLatch(1).await(1, TimeUnit.SECONDS);"),
                ofCode(Rule.THREADS, "new java.util.Timer();", "TimeUnit.SECONDS.toNanos(1);"),
                ofCode(Rule.THREADS, "CompletableFuture.runAsync(() -> {});",
                        "CompletableFuture.completedFuture(1).thenApply(one -> one + 1);"),
                ofCode(Rule.THREADS, "new CompletableFuture<String>().orTimeout(1, TimeUnit.SECONDS);",
                        "new CompletableFuture<String>().complete(\"\");"),
                ofCode(Rule.THREADS, "List.of(1).parallelStream().count();", "List.of(1).stream().count();"),
                ofCode(Rule.THREADS, "Stream.of(1).parallel().count();", "Stream.of(1).sequential().count();"),
                ofClasses(Rule.THREADS, "work",
                        "class Sample extends ArrayList<String> { void work() { parallelStream(); } }",
                        "class Sample extends ArrayList<String> { void work() { stream(); } }"),
                ofCode(Rule.THREADS, "Arrays.parallelSort(new int[1]);", "Arrays.sort(new int[1]);"),
                ofCode(Rule.THREADS, "new ConcurrentHashMap<String, String>().forEach(1, (a, b) -> {});",
                        "new ConcurrentHashMap<String, String>().forEach((a, b) -> {});"),
                ofMembers(Rule.THREAD_LOCALS, "<init>", "final Object local = new ThreadLocal<String>();",
                        "final Object local = new Object();"),
                ofCode(Rule.THREAD_LOCALS, "org.slf4j.MDC.put(\"a\", \"b\");",
                        "org.slf4j.LoggerFactory.getLogger(\"a\").atInfo().setMessage(\"b\").log();"),
                ofCode(Rule.THREAD_LOCALS, "ScopedValue.newInstance();", "new Object();"),
                ofCode(Rule.THREAD_LOCALS, "ThreadLocal.withInitial(() -> 1);",
                        "ThreadLocalRandom.current().nextInt();"));
    }

    private static List<RuleCase> ofProcess() {
        return List.of(
                ofCode(Rule.EXIT, "System.exit(1);", "System.nanoTime();"),
                ofCode(Rule.EXIT, "IntConsumer end = System::exit; end.accept(1);",
                        "LongSupplier time = System::nanoTime; time.getAsLong();"),
                ofCode(Rule.EXIT, "Runtime.getRuntime().halt(1);", "Runtime.getRuntime().availableProcessors();"),
                ofCode(Rule.EXIT, "Runtime.getRuntime().removeShutdownHook(null);",
                        "Runtime.getRuntime().maxMemory();"),
                ofCode(Rule.PROCESSES, "new ProcessBuilder(\"ls\").start();", "new StringBuilder(\"ls\").append(1);"),
                ofCode(Rule.PROCESSES, "Runtime.getRuntime().exec(new String[0]);", "Runtime.version();"),
                ofCode(Rule.PROCESSES, "ProcessHandle.current().pid();", "Thread.currentThread().threadId();"),
                ofMembers(Rule.NATIVE_CODE, "work", "native void work();", "void work() {}"),
                ofCode(Rule.NATIVE_CODE, "System.loadLibrary(\"own\");", "System.lineSeparator();"),
                ofCode(Rule.NATIVE_CODE, "java.lang.foreign.Arena.ofAuto();", "java.nio.ByteBuffer.allocate(1);"),
                ofCode(Rule.PROCESS_WIDE, "System.setProperty(\"a\", \"b\");",
                        "new Properties().setProperty(\"a\", \"b\");"),
                ofCode(Rule.PROCESS_WIDE, "System.getProperty(\"a\");", "new Properties().getProperty(\"a\");"),
                ofCode(Rule.PROCESS_WIDE, "System.getProperty(\"a\", \"b\");", "System.lineSeparator();"),
                ofCode(Rule.PROCESS_WIDE, "Integer.getInteger(\"a\");", "Integer.parseInt(\"1\");"),
                ofCode(Rule.PROCESS_WIDE, "Long.getLong(\"a\");", "Long.parseLong(\"1\");"),
                ofCode(Rule.PROCESS_WIDE, "Boolean.getBoolean(\"a\");", "Boolean.parseBoolean(\"true\");"),
                ofCode(Rule.PROCESS_WIDE, "System.getenv();", "new HashMap<String, String>().entrySet();"),
                ofCode(Rule.PROCESS_WIDE, "System.getenv(\"A\");", "Map.of(\"A\", \"B\").get(\"A\");"),
                ofCode(Rule.PROCESS_WIDE, "System.out.println(1);", "new PrintWriter(new StringWriter()).println(1);"),
                ofCode(Rule.PROCESS_WIDE, "System.setErr(null);", "System.identityHashCode(this);"),
                ofCode(Rule.PROCESS_WIDE, "new IOException().printStackTrace();",
                        "new IOException().printStackTrace(new PrintWriter(new StringWriter()));"),
                ofCode(Rule.PROCESS_WIDE, "Locale.setDefault(Locale.ROOT);", "Locale.getDefault();"),
                ofCode(Rule.PROCESS_WIDE, "TimeZone.setDefault(null);", "TimeZone.getDefault();"),
                ofCode(Rule.PROCESS_WIDE, "java.security.Security.addProvider(null);",
                        "java.security.MessageDigest.getInstance(\"SHA-256\");"),
                ofCode(Rule.PROCESS_WIDE, "java.security.MessageDigest.getInstance(\"SHA-256\").getProvider();",
                        "java.security.MessageDigest.getInstance(\"SHA-256\").getAlgorithm();"),
                ofCode(Rule.PROCESS_WIDE, "org.slf4j.MarkerFactory.getMarker(\"a\");",
                        "org.slf4j.LoggerFactory.getLogger(\"a\").info(\"b\");"),
                ofCode(Rule.PROCESS_WIDE, "java.net.URL.setURLStreamHandlerFactory(null);",
                        "java.net.URI.create(\"https://example.org\");"),
                ofCode(Rule.PROCESS_WIDE, "Thread.setDefaultUncaughtExceptionHandler(null);", "Thread.interrupted();"),
                ofCode(Rule.PROCESS_WIDE, "java.util.logging.Logger.getLogger(\"a\");", "String.valueOf(\"a\");"));
    }

    private static List<RuleCase> ofLookups() {
        return List.of(
                ofCode(Rule.REFLECTION, "getClass().getDeclaredFields();", "getClass().getSimpleName();"),
                ofCode(Rule.REFLECTION, "((java.lang.reflect.Field) null).setAccessible(true);",
                        "((java.lang.reflect.Type) getClass()).getTypeName();"),
                ofCode(Rule.REFLECTION, "java.lang.invoke.MethodHandles.lookup();",
                        "Function<String, Integer> f = String::length;"),
                ofCode(Rule.REFLECTION, "java.lang.invoke.MethodHandles.privateLookupIn(String.class, null);",
                        "Object pattern = 1; switch (pattern) { case Integer i -> {} default -> {} }"),
                ofCode(Rule.REFLECTION, "java.lang.reflect.Proxy.newProxyInstance(null, null, null);",
                        "java.lang.reflect.Array.getLength(new int[1]);"),
                ofCode(Rule.REFLECTION, "StackWalker.getInstance();", "new Throwable().getStackTrace();"),
                ofCode(Rule.CLASS_LOADING, "Class.forName(\"a.B\");", "String.class.getName();"),
                ofCode(Rule.CLASS_LOADING, "ClassLoader.getSystemClassLoader();",
                        "getClass().getResourceAsStream(\"a\");"),
                ofCode(Rule.CLASS_LOADING, "getClass().getClassLoader();", "getClass().getPackageName();"),
                ofCode(Rule.CLASS_LOADING, "Thread.currentThread().getContextClassLoader();",
                        "Thread.currentThread().isInterrupted();"),
                ofClasses(Rule.CLASS_LOADING, "", "abstract class Sample extends ClassLoader { abstract void work(); }",
                        "abstract class Sample extends AbstractList<String> { abstract void work(); }"),
                ofCode(Rule.CLASS_LOADING, "ResourceBundle.getBundle(\"a\");", "new Properties();"),
                ofMembers(Rule.CLASS_LOADING, "work",
                        "void work(AgentContext context) { context.getClass().getResourceAsStream(\"a\"); }",
                        "void work(AgentContext context) { Sample.class.getResourceAsStream(\"a\" + context.input().text()); }"),
                ofMembers(Rule.CLASS_LOADING, "work",
                        "static void work(AgentContext context) { context.getClass().getResourceAsStream(\"a\"); }",
                        "static void work(String name, int[] at) throws IOException { try (var in ="
                                + " Sample.class.getResourceAsStream(name.substring(at[0] + 1).strip())) { in.read(); } }"),
                ofMembers(Rule.CLASS_LOADING, "work",
                        "void work(Class<?> type) { type.getResourceAsStream(\"a\"); }",
                        "void work(Class<?> type) { getClass().getResourceAsStream(type.getName()); }"),
                ofCode(Rule.CLASS_LOADING, "Agent.class.getResourceAsStream(\"a\");",
                        "Other.class.getResourceAsStream(\"a\"); } static class Other {"),
                ofMembers(Rule.CLASS_LOADING, "work", "void work(AgentContext context, boolean own) {"
                        + " (own ? context.getClass() : Sample.class).getResourceAsStream(\"a\"); }",
                        "void work(String a, boolean own) { var name = own ? \"a\" : a;"
                                + " Sample.class.getResourceAsStream(name); }"),
                ofMembers(Rule.CLASS_LOADING, "work", "Class<?> getClass(Object any) { return String.class; }"
                        + " void work() { getClass(this).getResourceAsStream(\"a\"); }",
                        "void work(String a) { var name = a.strip(); getClass().getResourceAsStream(name); }"),
                ofMembers(Rule.CLASS_LOADING, "work", "void work(Class<?> type) {"
                        + " var own = type; own.getResourceAsStream(\"a\"); }",
                        "InputStream getResourceAsStream(String name) { return InputStream.nullInputStream(); }"
                                + " void work(Sample other) { other.getResourceAsStream(\"a\"); }"),
                ofMembers(Rule.CLASS_LOADING, "", "Function<String, InputStream> work() {"
                        + " return getClass()::getResourceAsStream; }",
                        "Function<String, InputStream> work() { return name -> getClass().getResourceAsStream(name); }"),
                ofCode(Rule.LAYERS, "getClass().getModule();", "getClass().getInterfaces();"),
                ofCode(Rule.LAYERS, "ModuleLayer.boot();", "Optional.empty();"),
                ofCode(Rule.LAYERS, "ServiceLoader.load(Runnable.class);", "List.of(Runnable.class);"),
                ofCode(Rule.SERIALIZATION, "new ObjectInputStream(InputStream.nullInputStream());",
                        "new DataInputStream(InputStream.nullInputStream());"),
                ofCode(Rule.SERIALIZATION, "new javax.crypto.SealedObject(\"a\", new javax.crypto.NullCipher());",
                        "new javax.crypto.NullCipher().doFinal(new byte[1]);"),
                ofCode(Rule.SERIALIZATION, "ObjectInputFilter.Config.getSerialFilter();",
                        "Serializable text = (Serializable & Supplier<String>) () -> \"a\";"));
    }

    private static List<RuleCase> ofPlatform() {
        return List.of(
                ofCode(Rule.NETWORK, "new java.net.Socket(\"example.org\", 80);", "java.net.IDN.toASCII(\"a\");"),
                ofCode(Rule.NETWORK, "java.net.http.HttpClient.newHttpClient();",
                        "java.net.URLEncoder.encode(\"a\", \"UTF-8\");"),
                ofCode(Rule.NETWORK, "java.net.URI.create(\"a\").toURL().openStream();",
                        "java.net.URI.create(\"a\").getHost();"),
                ofCode(Rule.NETWORK, "java.nio.channels.SocketChannel.open();",
                        "java.nio.channels.Channels.newChannel(InputStream.nullInputStream());"),
                ofCode(Rule.FILES, "new File(\"a\");", "new StringReader(\"a\");"),
                ofCode(Rule.FILES, "java.nio.file.Files.readString(java.nio.file.Path.of(\"a\"));",
                        "new String(new byte[0], java.nio.charset.StandardCharsets.UTF_8);"),
                ofCode(Rule.FILES, "new PrintWriter(\"a\");", "new PrintWriter(new StringWriter());"),
                ofCode(Rule.FILES, "new FileInputStream(\"a\");", "new ByteArrayInputStream(new byte[0]);"),
                ofCode(Rule.FILES, "javax.xml.parsers.DocumentBuilderFactory.newInstance();",
                        "new StringJoiner(\"\");"),
                ofCode(Rule.JDK_TYPES, "java.util.Observable all = null; all.notifyObservers();",
                        "Iterable<String> all = List.of(); all.iterator();"),
                ofCode(Rule.JDK_TYPES, "java.sql.DriverManager.getDrivers();",
                        "java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC);"),
                ofCode(Rule.JDK_TYPES, "java.lang.management.ManagementFactory.getRuntimeMXBean();",
                        "java.util.regex.Pattern.compile(\"a\");"),
                ofCode(Rule.JDK_TYPES, "throw new javax.naming.NamingException();",
                        "throw new java.lang.annotation.AnnotationFormatError(\"a\");"),
                ofCode(Rule.JDK_TYPES, "new javax.naming.InitialContext();",
                        "javax.crypto.Mac.getInstance(\"HmacSHA256\");"));
    }

    private static List<RuleCase> ofLibraries() {
        return List.of(
                inLibrary(Rule.EXIT, "System.exit(1);", "System.out.println(1);"),
                inLibrary(Rule.PROCESSES, "new ProcessBuilder(\"ls\").start();", "ProcessHandle.current().pid();"),
                inLibrary(Rule.NATIVE_CODE, "System.loadLibrary(\"own\");", "System.getenv();"),
                inLibrary(Rule.THREADS, "Executors.newCachedThreadPool();", "new ThreadLocal<String>();"),
                inLibrary(Rule.THREADS, "Thread.ofVirtual();", "Thread.currentThread().getContextClassLoader();"),
                inLibrary(Rule.CLASS_LOADING, "new java.net.URLClassLoader(new java.net.URL[0]);",
                        "Class.forName(\"a.B\").getDeclaredMethods()[0].setAccessible(true);"),
                inLibrary(Rule.CLASS_LOADING, "java.lang.invoke.MethodHandles.lookup().defineClass(new byte[0]);",
                        "java.lang.invoke.MethodHandles.lookup();"),
                inLibrary(Rule.PROCESS_WIDE, "System.setOut(null);", "System.getProperties();"),
                inLibrary(Rule.NETWORK, "new java.net.Socket(\"a\", 1);", "new java.net.InetSocketAddress(\"a\", 1);"));
    }
}
