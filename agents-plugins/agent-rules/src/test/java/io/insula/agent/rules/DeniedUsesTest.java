package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Single classes and methods that must be refused, each by its rule. The tables are long, and a line that is lost from
 * one is not seen anywhere else: who takes one out has to do it here, too.
 */
final class DeniedUsesTest {
    /** For libraries, all that their table names. */
    private static final String BY_LIBRARIES = """
            exit: java.lang.System.exit java.lang.Runtime.exit java.lang.Runtime.halt
            exit: java.lang.Runtime.addShutdownHook java.lang.Runtime.removeShutdownHook
            native-code: java.lang.System.load java.lang.System.loadLibrary java.lang.Runtime.load
            native-code: java.lang.Runtime.loadLibrary java.lang.foreign.Linker java.lang.foreign.SymbolLookup
            processes: java.lang.Runtime.exec java.lang.ProcessBuilder.<init> java.lang.ProcessBuilder.startPipeline
            processes: java.lang.ProcessHandle.destroy java.lang.ProcessHandle.destroyForcibly
            processes: java.lang.ProcessHandle.allProcesses java.lang.ProcessHandle.of
            threads: java.lang.Thread.<init> java.lang.Thread.ofPlatform java.lang.Thread.ofVirtual
            threads: java.lang.Thread.startVirtualThread java.util.Timer.<init>
            threads: java.util.concurrent.Executors.newCachedThreadPool java.util.concurrent.Executors.newFixedThreadPool
            threads: java.util.concurrent.Executors.newScheduledThreadPool
            threads: java.util.concurrent.Executors.newSingleThreadExecutor
            threads: java.util.concurrent.Executors.newSingleThreadScheduledExecutor
            threads: java.util.concurrent.Executors.newThreadPerTaskExecutor
            threads: java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor
            threads: java.util.concurrent.Executors.newWorkStealingPool java.util.concurrent.ThreadPoolExecutor.<init>
            threads: java.util.concurrent.ScheduledThreadPoolExecutor.<init> java.util.concurrent.ForkJoinPool.<init>
            threads: java.util.concurrent.ForkJoinPool.commonPool java.util.concurrent.SubmissionPublisher.<init>
            threads: java.util.stream.Gatherers.mapConcurrent java.util.List.parallelStream
            threads: java.util.stream.Stream.parallel java.util.Arrays.parallelPrefix java.util.Arrays.parallelSort
            threads: java.util.Arrays.parallelSetAll java.util.concurrent.CompletableFuture.runAsync
            threads: java.util.concurrent.CompletableFuture.supplyAsync
            threads: java.util.concurrent.CompletableFuture.thenApplyAsync
            threads: java.util.concurrent.CompletableFuture.thenAcceptAsync
            threads: java.util.concurrent.CompletableFuture.thenRunAsync
            threads: java.util.concurrent.CompletableFuture.thenCombineAsync
            threads: java.util.concurrent.CompletableFuture.thenAcceptBothAsync
            threads: java.util.concurrent.CompletableFuture.runAfterBothAsync
            threads: java.util.concurrent.CompletableFuture.applyToEitherAsync
            threads: java.util.concurrent.CompletableFuture.acceptEitherAsync
            threads: java.util.concurrent.CompletableFuture.runAfterEitherAsync
            threads: java.util.concurrent.CompletableFuture.thenComposeAsync
            threads: java.util.concurrent.CompletableFuture.whenCompleteAsync
            threads: java.util.concurrent.CompletableFuture.handleAsync
            threads: java.util.concurrent.CompletableFuture.exceptionallyAsync
            threads: java.util.concurrent.CompletableFuture.exceptionallyComposeAsync
            threads: java.util.concurrent.CompletableFuture.delayedExecutor
            threads: java.util.concurrent.CompletableFuture.orTimeout
            threads: java.util.concurrent.CompletableFuture.completeOnTimeout
            threads: java.util.concurrent.CompletableFuture.completeAsync
            threads: java.util.concurrent.CompletableFuture.defaultExecutor java.math.BigInteger.parallelMultiply
            class-loading: java.lang.ClassLoader.<init> java.lang.ClassLoader.defineClass java.lang.ModuleLayer.defineModules
            class-loading: java.lang.ModuleLayer.defineModulesWithOneLoader java.lang.ModuleLayer.defineModulesWithManyLoaders
            class-loading: java.lang.invoke.MethodHandles$Lookup.defineClass
            class-loading: java.lang.invoke.MethodHandles$Lookup.defineHiddenClass
            class-loading: java.lang.invoke.MethodHandles$Lookup.defineHiddenClassWithClassData java.net.URLClassLoader.<init>
            class-loading: java.net.URLClassLoader.newInstance java.security.SecureClassLoader.<init>
            process-wide: java.lang.System.setOut java.lang.System.setErr java.lang.System.setIn java.lang.System.setProperty
            process-wide: java.lang.System.setProperties java.lang.System.clearProperty java.lang.System.setSecurityManager
            process-wide: java.lang.Thread.setDefaultUncaughtExceptionHandler java.io.ObjectInputFilter$Config.setSerialFilter
            process-wide: java.io.ObjectInputFilter$Config.setSerialFilterFactory java.net.URL.setURLStreamHandlerFactory
            process-wide: java.net.URLConnection.setContentHandlerFactory java.net.URLConnection.setFileNameMap
            process-wide: java.net.URLConnection.setDefaultAllowUserInteraction java.net.URLConnection.setDefaultUseCaches
            process-wide: java.net.URLConnection.setDefaultRequestProperty java.net.HttpURLConnection.setFollowRedirects
            process-wide: java.net.Authenticator.setDefault java.net.CookieHandler.setDefault
            process-wide: java.net.ProxySelector.setDefault java.net.ResponseCache.setDefault
            process-wide: java.net.Socket.setSocketImplFactory java.net.ServerSocket.setSocketFactory
            process-wide: java.net.DatagramSocket.setDatagramSocketImplFactory javax.net.ssl.SSLContext.setDefault
            process-wide: javax.net.ssl.HttpsURLConnection.setDefaultHostnameVerifier
            process-wide: javax.net.ssl.HttpsURLConnection.setDefaultSSLSocketFactory java.security.Security.addProvider
            process-wide: java.security.Security.insertProviderAt java.security.Security.removeProvider
            process-wide: java.security.Security.setProperty java.security.Policy.setPolicy
            process-wide: java.security.IdentityScope.setSystemScope javax.security.auth.login.Configuration.setConfiguration
            process-wide: java.time.zone.ZoneRulesProvider.registerProvider java.util.Locale.setDefault
            process-wide: java.util.TimeZone.setDefault java.util.logging.LogManager.reset
            process-wide: java.util.logging.LogManager.readConfiguration java.util.logging.LogManager.updateConfiguration
            network: java.net.DatagramSocket.<init> java.net.HttpURLConnection java.net.MulticastSocket.<init>
            network: java.net.ServerSocket.<init> java.net.Socket.<init> java.net.URL.openConnection
            network: java.net.URL.openStream java.net.URL.getContent java.net.http.HttpClient
            network: java.nio.channels.AsynchronousServerSocketChannel java.nio.channels.AsynchronousSocketChannel
            network: java.nio.channels.DatagramChannel java.nio.channels.ServerSocketChannel
            network: java.nio.channels.SocketChannel javax.net.SocketFactory.createSocket
            network: javax.net.ssl.SSLSocketFactory.createSocket javax.net.ssl.HttpsURLConnection
            """;

    /** For the plugin's own classes, what no sample of a rule uses. */
    private static final String BY_OWN_CLASSES = """
            threads: java.util.concurrent.CompletableFuture.delayedExecutor
            threads: java.util.concurrent.CompletableFuture.completeOnTimeout
            threads: java.util.concurrent.CompletableFuture.completeAsync
            threads: java.util.concurrent.CompletableFuture.defaultExecutor
            threads: java.util.concurrent.CompletableFuture.orTimeout java.util.stream.StreamSupport
            threads: java.util.stream.Gatherers.mapConcurrent
            files: java.util.jar.JarFile java.util.zip.ZipFile org.w3c.dom.Document org.xml.sax.XMLReader
            network: java.net.spi.URLStreamHandlerProvider javax.net.SocketFactory javax.net.ssl.SSLContext
            process-wide: java.time.zone.ZoneRulesProvider org.slf4j.LoggerFactory.getILoggerFactory
            class-loading: java.lang.classfile.ClassFile
            layers: java.lang.module.ModuleFinder
            reflection: sun.misc.Unsafe jdk.internal.misc.Unsafe
            hidden-types: io.insula.app.Platform io.insula.launcher.Launcher io.insula.transport.websocket.WebSocketTransport
            hidden-types: io.insula.agent.rules.Rule io.insula.agent.hosting.AgentLease io.insula.plugin.host.PluginHost
            hidden-types: com.google.inject.Guice org.pf4j.PluginManager
            """;

    @TempDir
    Path folder;

    @Test
    void whatLibrariesMustNotUseIsRefusedOneByOne() throws IOException {
        assertEquals(BY_LIBRARIES, refused(BY_LIBRARIES, true));
    }

    @Test
    void whatOwnClassesMustNotUseIsRefusedOneByOne() throws IOException {
        assertEquals(BY_OWN_CLASSES, refused(BY_OWN_CLASSES, false));
    }

    /** The same lines, with the rules that were found in the place of those that are expected. */
    private String refused(String lines, boolean library) throws IOException {
        var found = new StringBuilder();
        for (var line : lines.lines().toList()) {
            var names = List.of(line.substring(line.indexOf(": ") + 2).split(" ", -1));
            var rules = new StringBuilder();
            for (var name : names) {
                var rule = ruleOf(name, library);
                rules.append(rule.equals(line.substring(0, line.indexOf(": "))) ? "" : name + " is " + rule + " ");
            }
            found.append(rules.isEmpty() ? line : rules.toString().strip()).append('\n');
        }
        return found.toString();
    }

    private String ruleOf(String name, boolean library) throws IOException {
        // A method follows its class, which alone begins with a capital.
        var last = name.lastIndexOf('.');
        var isMember = Character.isUpperCase(name.charAt(name.lastIndexOf('.', last - 1) + 1));
        var file = folder.resolve("User.class");
        Files.write(file, ClassFile.of().build(ClassDesc.of("demo.User"), type -> type.withMethodBody("work",
                ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
                    if (isMember) {
                        var owner = ClassDesc.of(name.substring(0, last));
                        var method = name.substring(last + 1);
                        if (method.equals(ConstantDescs.INIT_NAME)) {
                            code.new_(owner).invokespecial(owner, method, ConstantDescs.MTD_void);
                        } else {
                            code.invokestatic(owner, method, ConstantDescs.MTD_void);
                        }
                    } else {
                        code.aconst_null().checkcast(ClassDesc.of(name)).pop();
                    }
                    code.return_();
                })));
        var nothing = Files.createDirectories(folder.resolve("nothing"));
        var files = library ? new PluginFiles(nothing, List.of(folder))
                : new PluginFiles(folder, List.of());
        return PluginRules.check(files, Set.of()).findings().stream().map(finding -> finding.rule().id()).distinct()
                .collect(Collectors.joining(" and "));
    }
}
