package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.UserExecutionEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where requests of operators come in. */
final class AdminDoor extends Handler.Abstract {
    /** The trouble of a platform that is not there yet. */
    static final String STARTING = "starting";

    private static final Logger LOG = LoggerFactory.getLogger(AdminDoor.class);
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final DoorRules rules;
    private final ResponseBodies bodies;
    private final Problems problems;
    private final HandshakeWatch watch;
    private final TokenAuthority tokens;
    private final RevocationRequests revocations;
    private final TransportLimits limits;
    private final LongSupplier nanoTime;
    private final Routes routes;
    private final AtomicReference<Optional<UserExecutionEngine.Directory>> directory =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Supplier<List<Measurement>>>> metrics =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Supplier<String>>> plugins = new AtomicReference<>(Optional.empty());

    AdminDoor(
            DoorRules rules,
            ResponseBodies bodies,
            HandshakeWatch watch,
            TokenAuthority tokens,
            TransportLimits limits,
            LongSupplier nanoTime) {
        this.rules = rules;
        this.bodies = bodies;
        this.problems = new Problems(bodies, new UnreadContent(watch, limits), why -> {});
        this.watch = watch;
        this.tokens = tokens;
        this.revocations = new RevocationRequests(
                tokens, new RequestBody(new MessageReader(RequestBody.MAX_BYTES), limits, nanoTime));
        this.limits = limits;
        this.nanoTime = nanoTime;
        List<Route> all = new ArrayList<>();
        for (HttpMethod reads : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            all.add(Route.of(reads, "/health/live", call -> call.answer(HttpStatus.OK_200, bodies.live())));
            all.add(Route.of(reads, "/health/ready", this::ready));
            all.add(Route.of(reads, "/metrics", this::metrics));
            all.add(Route.of(reads, "/plugins", this::plugins));
        }
        all.add(Route.of(HttpMethod.POST, "/backup", this::backup));
        all.add(Route.of(HttpMethod.POST, "/tokens/revoke", this::revoke));
        routes = new Routes(all, problems);
    }

    /** Everything that can be asked for. */
    List<Route> routes() {
        return routes.all();
    }

    Problems problems() {
        return problems;
    }

    void tellMetrics(Supplier<List<Measurement>> now) {
        metrics.set(Optional.of(now));
    }

    void tellPlugins(Supplier<String> json) {
        plugins.set(Optional.of(json));
    }

    void serve(UserExecutionEngine.Directory engines) {
        directory.set(Optional.of(engines));
    }

    /** As at the front door: the library would call it in the thread of all sockets. */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        watch.arrived(connection);
        Request.addCompletionListener(request, failure -> watch.waitFor(connection));
        Problems.secure(response.getHeaders());
        try {
            rules.checkHost(request);
            rules.checkOrigin(request);
            if (!routes.answer(request, response, callback)) {
                throw Routes.nothingThere();
            }
        } catch (RequestRefusedException | RuntimeException | Error failure) {
            problems.refuse(response, callback, failure);
        }
        return true;
    }

    private void ready(Call call) {
        SequencedMap<String, String> troubles = troubles();
        int status = troubles.isEmpty() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
        call.answer(status, bodies.ready(troubles));
    }

    private void metrics(Call call) throws RequestRefusedException {
        String text = Measurement.asText(metrics.get().orElseThrow(AdminDoor::starting).get());
        ByteBuffer body = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        problems.answer(call.response(), call.callback(), HttpStatus.OK_200, METRICS, body);
    }

    private void plugins(Call call) throws RequestRefusedException {
        requireOperator(call.request());
        String json = plugins.get().orElseThrow(AdminDoor::starting).get();
        call.answer(HttpStatus.OK_200, json.getBytes(StandardCharsets.UTF_8));
    }

    private void revoke(Call call) throws RequestRefusedException {
        requireOperator(call.request());
        revocations.revoke(call.request());
        call.answer(HttpStatus.OK_200, bodies.revoked());
    }

    private void backup(Call call) throws RequestRefusedException {
        requireOperator(call.request());
        UserExecutionEngine.Directory engines = directory.get().orElseThrow(AdminDoor::starting);
        LOG.info("backup_begun");
        ArchiveResponse.answer(
                call.response(), call.callback(), "insula-backup.zip", limits, nanoTime, engines::backup);
    }

    private void requireOperator(Request request) throws RequestRefusedException {
        boolean operator = tokens.operators().authenticate(request).operator();
        if (!operator) {
            throw new RequestRefusedException(
                    HttpStatus.FORBIDDEN_403, ErrorCode.FORBIDDEN, "Only an operator's token allows this.");
        }
    }

    private static RequestRefusedException starting() {
        return new RequestRefusedException(
                HttpStatus.SERVICE_UNAVAILABLE_503,
                ErrorCode.PLATFORM_BUSY,
                "The platform is starting. Try again in a moment.");
    }

    private SequencedMap<String, String> troubles() {
        SequencedMap<String, String> troubles = new LinkedHashMap<>();
        Optional<UserExecutionEngine.Directory> engines = directory.get();
        if (engines.isEmpty()) {
            troubles.put(STARTING, "");
            return troubles;
        }
        engines.get().readiness().troubles().forEach(
                trouble -> troubles.put(trouble.code().word(), trouble.detail()));
        tokens.trouble().ifPresent(why -> troubles.put(ErrorCode.KEYS_UNAVAILABLE.word(), why));
        return troubles;
    }
}
