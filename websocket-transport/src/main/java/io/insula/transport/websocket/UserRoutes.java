package io.insula.transport.websocket;

import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.RunRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;

/** What users can ask their engines for over HTTP, as {@code openapi.json} describes it. */
final class UserRoutes {
    /** What has to be said to erase: nobody sends it by mistake. */
    private static final String ALL = "all my data";

    private final EngineCalls calls;
    private final TransportLimits limits;
    private final ResponseBodies bodies;

    UserRoutes(EngineCalls calls, TransportLimits limits, ResponseBodies bodies) {
        this.calls = calls;
        this.limits = limits;
        this.bodies = bodies;
    }

    /** The whole table. */
    List<Route> all() {
        return List.of(
                Route.of(HttpMethod.GET, "/agents", this::agents),
                Route.of(HttpMethod.GET, "/snapshot", this::snapshot),
                Route.paged("/threads", this::threads),
                Route.paged("/threads/{thread}/messages", this::messages),
                Route.of(HttpMethod.PATCH, "/threads/{thread}", this::rename),
                Route.of(HttpMethod.DELETE, "/threads/{thread}", this::delete),
                Route.of(HttpMethod.POST, "/threads/{thread}/fork", this::fork),
                Route.paged("/runs", this::runs),
                Route.of(HttpMethod.POST, "/runs", this::start),
                Route.of(HttpMethod.GET, "/runs/{run}", this::run),
                Route.of(HttpMethod.POST, "/runs/{run}/cancel", this::cancel),
                Route.of(HttpMethod.POST, "/runs/{run}/answers", this::answer),
                Route.of(HttpMethod.POST, "/erase", this::erase));
    }

    private void agents(Call call) throws RequestRefusedException, IOException {
        calls.ask(call, engine -> bodies.agentList(engine.agents()));
    }

    private void snapshot(Call call) throws RequestRefusedException, IOException {
        calls.ask(call, engine -> bodies.snapshot(engine.snapshot()));
    }

    private void threads(Call call) throws RequestRefusedException, IOException {
        calls.ask(call, engine -> Pages.write(limits, call.page(), engine::threads, bodies::threads));
    }

    private void messages(Call call) throws RequestRefusedException, IOException {
        calls.ask(call, engine -> {
            ThreadId thread = call.thread();
            return Pages.write(limits, call.page(), page -> engine.messages(thread, page), bodies::threadMessages);
        });
    }

    private void rename(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.OK_200, small("title"), body -> {
            ThreadId thread = call.thread();
            String title = body.text("title");
            return engine -> engine.rename(thread, title).thenApply(bodies::thread);
        });
    }

    private void delete(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.OK_200, engine -> engine.delete(call.thread()).thenApply(bodies::deleted));
    }

    private void fork(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.CREATED_201, small("message", "newThread"), body -> {
            ThreadId thread = call.thread();
            String message = body.text("message");
            Optional<ThreadId> fork = body.optionalNewThread();
            return engine -> engine.fork(thread, message, fork).thenApply(bodies::thread);
        });
    }

    private void runs(Call call) throws RequestRefusedException, IOException {
        calls.ask(call, engine -> Pages.write(limits, call.page(), engine::runs, bodies::runs));
    }

    private void start(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.ACCEPTED_202, message(MessageReader.RUN_START), body -> {
            RunRequest request = MessageReader.runRequest(body);
            return engine -> engine.submit(request).thenApply(bodies::accepted);
        });
    }

    private void run(Call call) throws RequestRefusedException, IOException {
        calls.ask(call, engine -> bodies.run(engine.run(call.run())));
    }

    private void cancel(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.OK_200, engine -> engine.cancel(call.run()).thenApply(bodies::run));
    }

    private void answer(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.ACCEPTED_202, message(MessageReader.ANSWER), body -> {
            AnswerRequest request = MessageReader.answerRequest(body, call.run());
            return engine -> engine.answer(request).thenApply(bodies::accepted);
        });
    }

    /** Done when nothing of the user is left. */
    private void erase(Call call) throws RequestRefusedException {
        calls.change(call, HttpStatus.OK_200, small("erase"), body -> {
            if (!body.text("erase").equals(ALL)) {
                throw body.invalid("\"erase\" must be \"" + ALL + "\".");
            }
            return engine -> engine.erase().thenApply(gone -> bodies.erased());
        });
    }

    private static EngineCalls.Form small(String... members) {
        return new EngineCalls.Form(RequestBody.MAX_BYTES, List.of(members));
    }

    /** The body may be as large as a message of a connection that says the same. */
    private EngineCalls.Form message(List<String> members) {
        return new EngineCalls.Form(limits.messages().messageBytes(), members);
    }
}
