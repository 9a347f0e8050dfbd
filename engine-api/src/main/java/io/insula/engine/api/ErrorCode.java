package io.insula.engine.api;

import java.util.Locale;

/**
 * Everything that can be refused or fail, with a number and a word that never change.
 *
 * <p>Numbers from 1000 are the user's to mend, from 2000 the platform's, from 3000 a matter of limits and load, from
 * 4000 a plugin's.
 */
public enum ErrorCode {
    /** A message is not JSON, or not an object of the protocol. */
    MESSAGE_INVALID(1001),
    /** A message is of a type that this protocol does not have. */
    MESSAGE_TYPE_UNKNOWN(1002),
    /** A member of a message is missing, unknown, or has a wrong form. */
    FIELD_INVALID(1003),
    /** The request id was used before with another body. */
    REQUEST_REUSED(1004),
    /** No agent was named, and none follows from the thread. */
    AGENT_REQUIRED(1005),
    /** No such agent is loaded. */
    AGENT_UNKNOWN(1006),
    /** The user has no such thread. */
    THREAD_UNKNOWN(1007),
    /** The thread has runs that have not ended. */
    THREAD_BUSY(1008),
    /** The user has no such run. */
    RUN_UNKNOWN(1009),
    /** The run id was used before. */
    RUN_EXISTS(1010),
    /** The run asks no such question (any more). */
    QUESTION_UNKNOWN(1011),
    /** The answer is not of the kind that was asked for. */
    ANSWER_INVALID(1012),
    /** The user has no such attachment. */
    ATTACHMENT_UNKNOWN(1013),
    /** The position is of an epoch that this log does not have. */
    EPOCH_UNKNOWN(1014),
    /** The position is beyond the end of the log. */
    POSITION_FUTURE(1015),
    /** The position is before the oldest event kept. */
    POSITION_TRIMMED(1016),
    /** The connection is subscribed already. */
    ALREADY_SUBSCRIBED(1017),
    /** The page does not exist (any more). */
    PAGE_UNKNOWN(1018),
    /** There is no token, or it is not valid. */
    UNAUTHENTICATED(1019),
    /** The token is valid, and does not allow this. */
    FORBIDDEN(1020),
    /** There is nothing at this address, or not for this method. */
    PATH_UNKNOWN(1021),
    /** An HTTP request lacks something that its address needs. */
    REQUEST_INVALID(1022),
    /** The thread has no such message (any more). */
    MESSAGE_UNKNOWN(1023),
    /** The thread id was used before. */
    THREAD_EXISTS(1024),
    /** The token is somebody else's than the connection. */
    TOKEN_OF_ANOTHER_USER(1025),
    /** The user has no such unfinished upload (any more). */
    UPLOAD_UNKNOWN(1026),
    /** The upload does not go on at this offset. */
    UPLOAD_OFFSET(1027),

    /** Something went wrong inside the platform; the log knows more. */
    INTERNAL(2001),
    /** The platform was stopped before the run ended. */
    INTERRUPTED(2002),
    /** The journal cannot be written at the moment. */
    JOURNAL_UNAVAILABLE(2003),
    /** The keys that tokens are checked with cannot be had at the moment. */
    KEYS_UNAVAILABLE(2004),

    /** The input text is too large. */
    INPUT_TOO_LARGE(3001),
    /** The user has too many runs waiting. */
    QUEUE_FULL(3002),
    /** The platform has too many runs, users or bytes at once. */
    PLATFORM_BUSY(3003),
    /** The platform is going down. */
    GOING_AWAY(3004),
    /** The engine was given back and evicted. */
    ENGINE_CLOSED(3005),
    /** The attachment is too large. */
    ATTACHMENT_TOO_LARGE(3006),
    /** The user's attachments are too large together. */
    ATTACHMENTS_FULL(3007),
    /** The user's store is full. */
    STORE_FULL(3008),
    /** The user sends faster than allowed. */
    RATE_LIMITED(3009),
    /** The user has too many connections. */
    TOO_MANY_CONNECTIONS(3010),
    /** The message is too large. */
    MESSAGE_TOO_LARGE(3011),
    /** The user has too many threads, runs or attachments kept. */
    RECORDS_FULL(3012),
    /** All data of the user is being erased, or was. */
    ERASED(3013),
    /** An export of the user's data is under way. */
    EXPORT_UNDER_WAY(3014),
    /** As many tokens are revoked as can be kept. */
    REVOCATIONS_FULL(3015),
    /** The user has too many unfinished uploads. */
    UPLOADS_FULL(3016),

    /** The agent or tool threw. */
    AGENT_FAILED(4001),
    /** The agent did not end in time. */
    DEADLINE_EXCEEDED(4002),
    /** The question was not answered in time. */
    QUESTION_EXPIRED(4003),
    /** The agent calls an agent that is at work further up, or goes too deep. */
    DELEGATION_REFUSED(4004),
    /** The arguments do not fit the tool. */
    ARGUMENTS_INVALID(4005),
    /** The tool threw. */
    TOOL_FAILED(4006),
    /** There is no such tool. */
    TOOL_UNKNOWN(4007),
    /** The result is too large. */
    RESULT_TOO_LARGE(4008),
    /** The run has too many steps or events. */
    RUN_TOO_LARGE(4009),
    /** Too many runs of this plugin do not end when stopped. */
    PLUGIN_UNHEALTHY(4010),
    /** The data is not of the type asked for. */
    DATA_MISMATCH(4011),
    /** The run ended before this part of it did. */
    STOPPED(4012),
    /** The agent did not do the same again when its run was resumed. */
    DIVERGED(4013);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** The stable number. */
    public int number() {
        return number;
    }

    /** The stable word, such as {@code queue-full}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whose matter it is. */
    public Group group() {
        return switch (number / 1000) {
            case 1 -> Group.USER;
            case 2 -> Group.INTERNAL;
            case 3 -> Group.RESOURCES;
            default -> Group.PLUGIN;
        };
    }

    /** Whose matter an error is. */
    public enum Group {
        /** The user can mend it. */
        USER,
        /** The platform failed. */
        INTERNAL,
        /** A limit was reached; later it may work. */
        RESOURCES,
        /** A plugin failed. */
        PLUGIN
    }
}
