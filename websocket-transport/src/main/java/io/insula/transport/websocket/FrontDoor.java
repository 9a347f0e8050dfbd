package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request comes in: shows pages, answers users, and lets connections through. */
final class FrontDoor extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final String WEB_SOCKET_PATH = "/ws";
    private static final String ONLY_OVER_TLS = "max-age=31536000";
    private static final String JSON = "application/json";
    private static final String ADMITTED = FrontDoor.class.getName() + ".admitted";

    private final DoorRules rules;
    private final UpgradeDoor upgradeDoor;
    private final UserRequests userRequests;
    private final ThreadRequests threadRequests;
    private final RunRequests runRequests;
    private final DataRequests dataRequests;
    private final TokenRequests tokenRequests;
    private final EventRequests eventRequests;
    private final AgUiRequests agUiRequests;
    private final Map<String, TransportSettings.Page> pages;
    private final Problems problems;
    private final HandshakeWatch watch;
    private final RequestRecord record;
    private volatile boolean goingAway;

    FrontDoor(
            DoorRules rules,
            UpgradeDoor upgradeDoor,
            UserRequests userRequests,
            ThreadRequests threadRequests,
            RunRequests runRequests,
            DataRequests dataRequests,
            TokenRequests tokenRequests,
            EventRequests eventRequests,
            AgUiRequests agUiRequests,
            Map<String, TransportSettings.Page> pages,
            Problems problems,
            HandshakeWatch watch,
            RequestRecord record) {
        this.rules = rules;
        this.upgradeDoor = upgradeDoor;
        this.userRequests = userRequests;
        this.threadRequests = threadRequests;
        this.runRequests = runRequests;
        this.dataRequests = dataRequests;
        this.tokenRequests = tokenRequests;
        this.eventRequests = eventRequests;
        this.agUiRequests = agUiRequests;
        this.pages = pages;
        this.problems = problems;
        this.watch = watch;
        this.record = record;
    }

    /** What turns an admitted request into a connection, to be asked behind this door only. */
    static WebSocketUpgradeHandler upgrades(WebSocketNegotiator negotiator) {
        var upgrades = new WebSocketUpgradeHandler();
        upgrades.addMapping(WEB_SOCKET_PATH, negotiator);
        return upgrades;
    }

    /** Finds the connection that was made for a request. */
    static FrameHandler negotiate(ServerUpgradeRequest request, ServerUpgradeResponse response) {
        if (!(request.getAttribute(ADMITTED) instanceof ClientConnection connection)) {
            throw new IllegalStateException("an upgrade came past the door");
        }
        response.setAcceptedSubProtocol(UpgradeDoor.PROTOCOL);
        // No compression: it costs memory per connection, and mixes what is secret with what others can choose.
        response.setExtensions(List.of());
        return connection;
    }

    /** Without this the library would take it for one that never waits, and call it in the thread of all sockets. */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }

    /** Refuses everything from now on. */
    void goAway() {
        goingAway = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        watch.arrived(connection);
        Request.addCompletionListener(request, failure -> watch.waitFor(connection));
        record.follow(request, response);
        Problems.secure(response.getHeaders());
        if (request.isSecure()) {
            response.getHeaders().put(HttpHeader.STRICT_TRANSPORT_SECURITY, ONLY_OVER_TLS);
        }
        try {
            if (goingAway) {
                throw new RequestRefusedException(
                        HttpStatus.SERVICE_UNAVAILABLE_503, ErrorCode.GOING_AWAY, "The server is going down.");
            }
            rules.checkHost(request);
            route(request, response, callback);
        } catch (RequestRefusedException why) {
            refuse(response, callback, why);
        } catch (RuntimeException | Error failure) {
            LOG.error("request_failed failure={}", FailureTrace.of(failure));
            refuse(response, callback, internal());
        }
        return true;
    }

    private void route(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        boolean get = HttpMethod.GET.is(request.getMethod());
        if (get && path.equals(WEB_SOCKET_PATH)) {
            upgrade(request, response, callback);
            return;
        }
        if (get && path.equals("/agents")) {
            rules.checkOrigin(request);
            byte[] body = userRequests.agents(request);
            problems.answer(response, callback, HttpStatus.OK_200, JSON, ByteBuffer.wrap(body));
            return;
        }
        if (HttpMethod.POST.is(request.getMethod()) && path.equals("/attachments")) {
            rules.checkOrigin(request);
            byte[] body = userRequests.storeAttachment(request);
            problems.answer(response, callback, HttpStatus.CREATED_201, JSON, ByteBuffer.wrap(body));
            return;
        }
        if (HttpMethod.POST.is(request.getMethod()) && ThreadRequests.isFork(path)) {
            rules.checkOrigin(request);
            answerWhenDone(response, callback, HttpStatus.CREATED_201, threadRequests.fork(request));
            return;
        }
        if (HttpMethod.POST.is(request.getMethod()) && path.equals("/erase")) {
            rules.checkOrigin(request);
            answerWhenDone(response, callback, HttpStatus.OK_200, dataRequests.erase(request));
            return;
        }
        if (get && path.equals("/export")) {
            rules.checkOrigin(request);
            dataRequests.export(request, response, callback);
            return;
        }
        if (HttpMethod.POST.is(request.getMethod()) && path.equals("/logout")) {
            rules.checkOrigin(request);
            byte[] body = tokenRequests.logOut(request);
            problems.answer(response, callback, HttpStatus.OK_200, JSON, ByteBuffer.wrap(body));
            return;
        }
        if (HttpMethod.POST.is(request.getMethod()) && RunRequests.isCancel(path)) {
            rules.checkOrigin(request);
            answerWhenDone(response, callback, HttpStatus.OK_200, runRequests.cancel(request));
            return;
        }
        if (get && path.equals("/events")) {
            rules.checkOrigin(request);
            eventRequests.follow(request, response, callback);
            return;
        }
        if (HttpMethod.POST.is(request.getMethod()) && AgUiRequests.isRun(path)) {
            rules.checkOrigin(request);
            agUiRequests.run(request, response, callback).whenComplete((begun, failure) -> {
                if (failure != null) {
                    refuse(response, callback, failure);
                }
            });
            return;
        }
        TransportSettings.Page page = pages.get(path);
        if (page == null || (!get && !HttpMethod.HEAD.is(request.getMethod()))) {
            throw new RequestRefusedException(
                    HttpStatus.NOT_FOUND_404, ErrorCode.PATH_UNKNOWN, "There is nothing here for this method.");
        }
        problems.answer(response, callback, HttpStatus.OK_200, page.mediaType(), page.content());
    }

    private void answerWhenDone(Response response, Callback callback, int status, CompletionStage<byte[]> body) {
        body.whenComplete((bytes, failure) -> {
            if (failure == null) {
                problems.answer(response, callback, status, JSON, ByteBuffer.wrap(bytes));
            } else {
                refuse(response, callback, failure);
            }
        });
    }

    private void refuse(Response response, Callback callback, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RefusedException why) {
            refuse(response, callback, RequestRefusedException.of(why));
        } else {
            LOG.error("request_failed failure={}", FailureTrace.of(cause));
            refuse(response, callback, internal());
        }
    }

    private void refuse(Response response, Callback callback, RequestRefusedException why) {
        record.refused(why);
        problems.refuse(response, callback, why);
    }

    private static RequestRefusedException internal() {
        return new RequestRefusedException(
                HttpStatus.INTERNAL_SERVER_ERROR_500, ErrorCode.INTERNAL, "Something went wrong inside.");
    }

    private void upgrade(Request request, Response response, Callback callback) throws Exception {
        ClientConnection connection = upgradeDoor.admit(request);
        request.setAttribute(ADMITTED, connection);
        boolean upgraded = false;
        try {
            upgraded = super.handle(request, response, callback);
        } finally {
            if (!upgraded) {
                connection.abandon();
            }
        }
        if (!upgraded) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400, ErrorCode.REQUEST_INVALID, "The upgrade is not as RFC 6455 wants it.");
        }
    }
}
