package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.UserExecutionEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
    private static final String JSON = "application/json";

    private final DoorRules rules;
    private final ResponseBodies bodies;
    private final Problems problems;
    private final HandshakeWatch watch;
    private final TokenAuthority tokens;
    private final RevocationRequests revocations;
    private final TransportLimits limits;
    private final LongSupplier nanoTime;
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
        this.problems = new Problems(bodies, new UnreadContent(watch, limits));
        this.watch = watch;
        this.tokens = tokens;
        this.revocations = new RevocationRequests(
                tokens, new RequestBody(new MessageReader(RequestBody.MAX_BYTES), limits, nanoTime));
        this.limits = limits;
        this.nanoTime = nanoTime;
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
    public boolean handle(Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        watch.arrived(connection);
        Request.addCompletionListener(request, failure -> watch.waitFor(connection));
        Problems.secure(response.getHeaders());
        try {
            rules.checkHost(request);
            rules.checkOrigin(request);
            route(request, response, callback);
        } catch (RequestRefusedException why) {
            problems.refuse(response, callback, why);
        } catch (RuntimeException | Error failure) {
            LOG.error("admin_request_failed failure={}", FailureTrace.of(failure));
            problems.refuse(
                    response,
                    callback,
                    new RequestRefusedException(
                            HttpStatus.INTERNAL_SERVER_ERROR_500, ErrorCode.INTERNAL, "Something went wrong inside."));
        }
        return true;
    }

    private void route(Request request, Response response, Callback callback) throws RequestRefusedException {
        String path = Request.getPathInContext(request);
        boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (reads && path.equals("/health/live")) {
            answer(response, callback, HttpStatus.OK_200, bodies.live());
        } else if (reads && path.equals("/health/ready")) {
            SequencedMap<String, String> troubles = troubles();
            int status = troubles.isEmpty() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
            answer(response, callback, status, bodies.ready(troubles));
        } else if (reads && path.equals("/metrics")) {
            String text = Measurement.asText(metrics.get().orElseThrow(AdminDoor::starting).get());
            ByteBuffer body = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            problems.answer(response, callback, HttpStatus.OK_200, METRICS, body);
        } else if (reads && path.equals("/plugins")) {
            plugins(request, response, callback);
        } else if (HttpMethod.POST.is(request.getMethod()) && path.equals("/backup")) {
            backup(request, response, callback);
        } else if (HttpMethod.POST.is(request.getMethod()) && path.equals("/tokens/revoke")) {
            requireOperator(request);
            revocations.revoke(request);
            answer(response, callback, HttpStatus.OK_200, bodies.revoked());
        } else {
            throw new RequestRefusedException(
                    HttpStatus.NOT_FOUND_404, ErrorCode.PATH_UNKNOWN, "There is nothing here for this method.");
        }
    }

    private void plugins(Request request, Response response, Callback callback) throws RequestRefusedException {
        requireOperator(request);
        String json = plugins.get().orElseThrow(AdminDoor::starting).get();
        answer(response, callback, HttpStatus.OK_200, json.getBytes(StandardCharsets.UTF_8));
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

    private void backup(Request request, Response response, Callback callback) throws RequestRefusedException {
        requireOperator(request);
        UserExecutionEngine.Directory engines = directory.get().orElseThrow(AdminDoor::starting);
        LOG.info("backup_begun");
        ArchiveResponse.answer(response, callback, "insula-backup.zip", limits, nanoTime, engines::backup);
    }

    private void answer(Response response, Callback callback, int status, byte[] body) {
        problems.answer(response, callback, status, JSON, ByteBuffer.wrap(body));
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
