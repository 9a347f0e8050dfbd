package io.insula.engine.user;

import io.insula.agent.UserId;
import java.util.concurrent.locks.ReentrantLock;

/** What the contexts of one user's runs work with. Made once with the room. */
final class RoomServices {
    final UserId user;
    final RoomParts parts;
    final RunBoard board;
    final RunEndings endings;
    final RunOutput output;
    final QuestionDesk questions;
    final UserResources resources;
    final ToolCalls tools;
    final Delegations delegations;
    final AgentCalls agents;
    /** Held by the thread that changes what plugins keep for the user. Never taken under the room's lock. */
    final ReentrantLock storeTurn = new ReentrantLock();

    RoomServices(UserId user, RoomParts parts, RoomLock lock, RunBoard board, RequestBook requests) {
        this.user = user;
        this.parts = parts;
        this.board = board;
        this.endings = board.endings();
        this.output = new RunOutput(user, lock, parts, board);
        this.questions = new QuestionDesk(user, lock, parts, board, output, requests);
        this.resources = new UserResources(lock, parts);
        this.agents = new AgentCalls(user, parts, board, this);
        this.tools = new ToolCalls(this);
        this.delegations = new Delegations(this);
    }
}
