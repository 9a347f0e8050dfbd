package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.PageRequest;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** A request that has found its route: what its address names, and how it is answered, which is done once. */
final class Call {
    /** What the query of a list may name. */
    static final Set<String> PAGE = Set.of("after", "size");

    private static final String SIZE = "size";
    private static final String JSON = "application/json";
    private static final int MOST_DIGITS = 9;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Problems problems;
    private final Map<String, String> names;
    private final MessageMembers query;

    Call(
            Request request,
            Response response,
            Callback callback,
            Problems problems,
            Map<String, String> names,
            MessageMembers query) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.problems = problems;
        this.names = Map.copyOf(names);
        this.query = query;
    }

    /** What the query says, of which there may be these. */
    static MessageMembers query(Request request, Set<String> known) throws RequestRefusedException {
        Map<String, Member> members = new HashMap<>();
        if (request.getHttpURI().getQuery() != null) {
            for (Fields.Field field : fields(request)) {
                if (!known.contains(field.getName()) || field.hasMultipleValues()) {
                    throw badQuery(known);
                }
                members.put(field.getName(), member(field));
            }
            if (known.isEmpty()) {
                throw badQuery(known);
            }
        }
        return new MessageMembers("query", "", members);
    }

    private static Fields fields(Request request) throws RequestRefusedException {
        try {
            return Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            // The library's own words may quote the request.
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400, ErrorCode.REQUEST_INVALID, "The query is not percent-encoded UTF-8.");
        }
    }

    private static Member member(Fields.Field field) {
        String value = field.getValue();
        boolean whole = field.getName().equals(SIZE)
                && !value.isEmpty()
                && value.length() <= MOST_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return whole ? new Member.Whole(Long.parseLong(value)) : new Member.Text(value);
    }

    private static RequestRefusedException badQuery(Set<String> known) {
        String taken = known.isEmpty()
                ? "This address takes no query."
                : "The query of this address has " + String.join(" and ", known.stream().sorted().toList())
                        + ", each once at most.";
        return new RequestRefusedException(
                HttpStatus.BAD_REQUEST_400,
                ErrorCode.REQUEST_INVALID,
                taken + " A token in an address ends in logs: if you sent one, do not use it any more.");
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    Callback callback() {
        return callback;
    }

    /** A part of the address, if its route has it. */
    Optional<String> name(String name) {
        return Optional.ofNullable(names.get(name));
    }

    ThreadId thread() throws RequestRefusedException {
        return id("thread", ThreadId::new);
    }

    RunId run() throws RequestRefusedException {
        return id("run", RunId::new);
    }

    /** Which part of a list is wanted. */
    PageRequest page() throws RequestRefusedException {
        try {
            return query.page();
        } catch (UnreadableMessage e) {
            throw RequestBody.refused(e);
        }
    }

    /** Answers with JSON. */
    void answer(int status, byte[] json) {
        problems.answer(response, callback, status, JSON, ByteBuffer.wrap(json));
    }

    /** Answers with headers alone. */
    void answer(int status) {
        response.setStatus(status);
        if (status != HttpStatus.NO_CONTENT_204) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        }
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }

    /** Answers with JSON when it is there, or with what it failed of. */
    void answerWhenDone(int status, CompletionStage<byte[]> json) {
        json.whenComplete((body, failure) -> {
            if (failure == null) {
                answer(status, body);
            } else {
                refuse(failure);
            }
        });
    }

    /** Answers with a problem. */
    void refuse(Throwable failure) {
        problems.refuse(response, callback, failure);
    }

    /** An id in the address. */
    <T> T id(String name, Function<String, T> make) throws RequestRefusedException {
        try {
            return make.apply(names.getOrDefault(name, ""));
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400, ErrorCode.FIELD_INVALID, "The address names no " + name + "'s id.");
        }
    }
}
