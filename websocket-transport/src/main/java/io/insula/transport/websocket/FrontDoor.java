package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** Where every request comes in: has it answered, shows pages, and lets connections through. */
final class FrontDoor extends Handler.Wrapper {
    private static final String WEB_SOCKET_PATH = "/ws";
    private static final String ONLY_OVER_TLS = "max-age=31536000";
    private static final String ADMITTED = FrontDoor.class.getName() + ".admitted";

    private final DoorRules rules;
    private final UpgradeDoor upgradeDoor;
    private final Routes routes;
    private final Map<String, TransportSettings.Page> pages;
    private final Problems problems;
    private final HandshakeWatch watch;
    private final RequestRecord record;
    private volatile boolean goingAway;

    /**
     * Makes one.
     *
     * @param routes what can be asked for besides connections and pages
     * @param pages what is shown by path
     */
    FrontDoor(
            DoorRules rules,
            UpgradeDoor upgradeDoor,
            List<Route> routes,
            Map<String, TransportSettings.Page> pages,
            Problems problems,
            HandshakeWatch watch,
            RequestRecord record) {
        this.rules = rules;
        this.upgradeDoor = upgradeDoor;
        List<Route> all = new ArrayList<>(routes);
        all.add(Route.of(HttpMethod.GET, WEB_SOCKET_PATH, this::upgrade));
        this.routes = new Routes(all, problems);
        this.pages = pages;
        this.problems = problems;
        this.watch = watch;
        this.record = record;
    }

    /** Everything that can be asked for besides pages. */
    List<Route> routes() {
        return routes.all();
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
            rules.checkOrigin(request);
            boolean foreignPage = rules.isForeignPage(request);
            if (foreignPage) {
                ForeignPages.allow(request, response.getHeaders());
            }
            if (foreignPage && ForeignPages.isQuestion(request)) {
                ForeignPages.tell(response.getHeaders());
                response.setStatus(HttpStatus.NO_CONTENT_204);
                callback.succeeded();
            } else if (!routes.answer(request, response, callback)) {
                show(request, response, callback);
            }
        } catch (RequestRefusedException | RuntimeException | Error failure) {
            problems.refuse(response, callback, failure);
        }
        return true;
    }

    private void show(Request request, Response response, Callback callback) throws RequestRefusedException {
        TransportSettings.Page page = pages.get(Request.getPathInContext(request));
        boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (page == null || !reads) {
            throw Routes.nothingThere();
        }
        problems.answer(response, callback, HttpStatus.OK_200, page.mediaType(), page.content());
    }

    private void upgrade(Call call) throws Exception {
        Request request = call.request();
        ClientConnection connection = upgradeDoor.admit(request);
        request.setAttribute(ADMITTED, connection);
        boolean upgraded = false;
        try {
            upgraded = super.handle(request, call.response(), call.callback());
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
