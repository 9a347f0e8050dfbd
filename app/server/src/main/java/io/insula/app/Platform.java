package io.insula.app;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Scopes;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import io.insula.agent.hosting.AgentCatalog;
import io.insula.agent.hosting.HostedAgent;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.user.DataRefusedException;
import io.insula.engine.user.EngineEnvironment;
import io.insula.engine.user.EngineModule;
import io.insula.plugin.host.PluginHost;
import io.insula.plugin.host.PluginHostSettings;
import io.insula.plugin.host.PluginReport;
import io.insula.transport.websocket.TlsFilesException;
import io.insula.transport.websocket.TokenAuthority;
import io.insula.transport.websocket.TransportSettings;
import io.insula.transport.websocket.WebSocketTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The parts of a running Insula, put together. Started whole or not at all, and stopped once. */
final class Platform {
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final Configuration configuration;
    private final PluginHost plugins;
    private final UserExecutionEngine.Directory engines;
    private final WebSocketTransport transport;
    private final AdminPort admin;
    private final TokenAuthority tokens;
    private final int port;

    private Platform(
            Configuration configuration,
            AdminPort admin,
            TokenAuthority tokens,
            PluginHost plugins,
            UserExecutionEngine.Directory engines,
            WebSocketTransport transport,
            int port) {
        this.configuration = configuration;
        this.admin = admin;
        this.tokens = tokens;
        this.plugins = plugins;
        this.engines = engines;
        this.transport = transport;
        this.port = port;
    }

    /**
     * Listens to operators, loads the plugins, then listens to users. Nothing is left behind if that fails.
     *
     * @throws FailedException if the plugins folder cannot be read or the address cannot be taken
     */
    static Platform start(Configuration configuration, DataFolder data, SigningKey key, InstantSource clock)
            throws FailedException {
        var address = new InetSocketAddress(configuration.host(), configuration.port());
        if (address.isUnresolved()) {
            throw new FailedException("There is no address for http.host = \"" + configuration.host() + "\".");
        }
        data.useNativeCode();
        var threads = Thread.ofPlatform().daemon(true).name("insula-", 0).factory();
        var tokens = UserTokens.authority(configuration, data, key, clock, threads);
        try {
            return start(configuration, data, tokens, address, clock, threads);
        } catch (FailedException | RuntimeException e) {
            tokens.close();
            throw e;
        }
    }

    private static Platform start(
            Configuration configuration,
            DataFolder data,
            TokenAuthority tokens,
            InetSocketAddress address,
            InstantSource clock,
            ThreadFactory threads)
            throws FailedException {
        var admin = AdminPort.open(configuration, tokens, threads);
        try {
            var plugins = plugins(configuration, data, threads);
            admin.tellPlugins(() -> PluginListing.json(plugins.plugins()));
            try {
                var injector = Guice.createInjector(
                        Stage.PRODUCTION,
                        new EngineModule(configuration.engine(), environment(clock, threads), data.path()),
                        new PartsModule(configuration, plugins, settings(configuration, tokens, address), clock,
                                threads));
                var platform = start(configuration, admin, tokens, plugins, injector);
                admin.tellMetrics(new PlatformMetrics(platform.engines, platform.transport, plugins)::all);
                admin.serve(platform.engines);
                plugins.watch();
                return platform;
            } catch (FailedException e) {
                plugins.close();
                throw e;
            } catch (CreationException e) {
                plugins.close();
                throw notStarted(e, e.getErrorMessages());
            } catch (ProvisionException e) {
                plugins.close();
                throw notStarted(e, e.getErrorMessages());
            }
        } catch (FailedException | RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    private static Platform start(
            Configuration configuration,
            AdminPort admin,
            TokenAuthority tokens,
            PluginHost plugins,
            Injector injector)
            throws FailedException {
        var transport = injector.getInstance(WebSocketTransport.class);
        var engines = injector.getInstance(UserExecutionEngine.Directory.class);
        try {
            return new Platform(configuration, admin, tokens, plugins, engines, transport, transport.start().getPort());
        } catch (TlsFilesException e) {
            engines.shutDown(Duration.ZERO);
            throw new FailedException(
                    "The files for TLS cannot be used: " + e.getMessage()
                            + ". They are named by http.tls.certificate and http.tls.key.",
                    e);
        } catch (IOException e) {
            engines.shutDown(Duration.ZERO);
            throw notListening(configuration, e);
        }
    }

    /** The address for clients on this machine. */
    String url() {
        return configuration.url(port);
    }

    /** The address for operators on this machine. */
    String adminUrl() {
        return admin.url();
    }

    /** What became of each file in the plugins folder. */
    List<PluginReport> plugins() {
        return plugins.plugins();
    }

    /** The agents that can be asked, sorted by name. */
    List<HostedAgent> agents() {
        return plugins.agents();
    }

    /**
     * Refuses new work, lets runs end, tells the clients and closes everything. The order matters: clients stay
     * connected while runs end, so that nobody misses how.
     */
    void stop() {
        engines.shutDown(configuration.drain());
        transport.close(GOODBYE);
        plugins.close();
        admin.close();
        tokens.close();
    }

    /** The longest that {@link #stop} may take. */
    Duration stopTime() {
        var engine = configuration.engine();
        return configuration.drain().plus(engine.run().stopGrace().multipliedBy(2)).plus(engine.platform().lastRead())
                .plus(GOODBYE).plus(configuration.transport().times().cut()).plus(GOODBYE);
    }

    private static PluginHost plugins(Configuration configuration, DataFolder data, ThreadFactory threads)
            throws FailedException {
        var plugins = new PluginHost(
                new PluginHostSettings(
                        configuration.plugins(), data.pluginWork(), Version.number(), configuration.pluginLimits(),
                        configuration.grants()),
                threads);
        try {
            plugins.start();
            return plugins;
        } catch (IOException e) {
            plugins.close();
            throw new FailedException(
                    "The plugins in " + configuration.plugins() + " cannot be read (" + DataFolder.reason(e)
                            + ").",
                    e);
        }
    }

    private static EngineEnvironment environment(InstantSource clock, ThreadFactory threads) {
        return new EngineEnvironment(
                clock, System::nanoTime, new SecureRandom(), Thread.ofVirtual().name("run-", 0).factory(), threads);
    }

    private static TransportSettings settings(
            Configuration configuration, TokenAuthority tokens, InetSocketAddress address) {
        return new TransportSettings(
                address,
                configuration.origins(),
                configuration.hosts(),
                ConsolePages.all(),
                tokens,
                configuration.tls(),
                configuration.proxies());
    }

    private static FailedException notStarted(RuntimeException problem, Collection<Message> messages) {
        // Each part that needs the journal has tried to make it, so there may be several of one kind.
        for (var message : messages) {
            if (message.getCause() instanceof DataRefusedException refused) {
                return new FailedException(refused.words(), refused);
            }
        }
        throw new IllegalStateException("the parts do not fit together", problem);
    }

    private static FailedException notListening(Configuration configuration, IOException problem) {
        return AdminPort.notListening(
                configuration.host() + ":" + configuration.port(),
                "choose another port with INSULA_HTTP_PORT or --http-port; 0 takes any free one",
                problem);
    }

    /** Binds what the engine's module does not. */
    private static final class PartsModule extends AbstractModule {
        private final Configuration configuration;
        private final PluginHost plugins;
        private final TransportSettings settings;
        private final InstantSource clock;
        private final ThreadFactory threads;

        private PartsModule(
                Configuration configuration,
                PluginHost plugins,
                TransportSettings settings,
                InstantSource clock,
                ThreadFactory threads) {
            this.configuration = configuration;
            this.plugins = plugins;
            this.settings = settings;
            this.clock = clock;
            this.threads = threads;
        }

        @Override
        protected void configure() {
            binder().requireExplicitBindings();
            binder().requireExactBindingAnnotations();
            binder().disableCircularProxies();
            bind(AgentCatalog.class).toInstance(plugins);
            var engines = getProvider(UserExecutionEngine.Directory.class);
            bind(WebSocketTransport.class).toProvider(
                    () -> new WebSocketTransport(
                            settings, configuration.transport(), engines.get(), clock, System::nanoTime, threads))
                    .in(Scopes.SINGLETON);
        }
    }
}
