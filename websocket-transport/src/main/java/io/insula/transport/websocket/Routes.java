package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Everything that can be asked for at one port. Safe for any number of threads. */
final class Routes {
    private final List<Route> routes;
    private final Problems problems;

    Routes(List<Route> routes, Problems problems) {
        this.routes = List.copyOf(routes);
        this.problems = problems;
    }

    /** The whole table. */
    List<Route> all() {
        return routes;
    }

    /** What a request for something else is refused with. */
    static RequestRefusedException nothingThere() {
        return new RequestRefusedException(
                HttpStatus.NOT_FOUND_404, ErrorCode.PATH_UNKNOWN, "There is nothing here for this method.");
    }

    /**
     * Has the request answered, if it is for one of the routes.
     *
     * @return whether it is
     */
    boolean answer(Request request, Response response, Callback callback) throws Exception {
        List<String> parts = Route.parts(Request.getPathInContext(request));
        for (Route route : routes) {
            Optional<Map<String, String>> names =
                    route.method().is(request.getMethod()) ? route.match(parts) : Optional.empty();
            if (names.isPresent()) {
                MessageMembers query = Call.query(request, route.query());
                route.answer().answer(new Call(request, response, callback, problems, names.get(), query));
                return true;
            }
        }
        return false;
    }
}
