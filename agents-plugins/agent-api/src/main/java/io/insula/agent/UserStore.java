package io.insula.agent;

import java.util.List;
import java.util.Optional;

/**
 * What a plugin keeps for one user between runs: texts under names. Each plugin has its own; no other plugin and no
 * other user sees it. It is exported and erased with the user.
 *
 * <p>Usable in the thread of its context only. A change is durable when the call returns.
 */
public interface UserStore {
    /** The most characters of a name. */
    int MAX_NAME_LENGTH = 200;

    /** Reads the text kept under the name. */
    Optional<String> get(String name);

    /**
     * Keeps a text under a name, in place of what was there.
     *
     * @throws AgentFailure with the code {@code store-full} if the user's 16 MiB would be exceeded; nothing changes
     */
    void put(String name, String text) throws AgentFailure;

    /** Forgets the name; nothing happens if it is not there. */
    void remove(String name);

    /** The names in use, sorted. */
    List<String> names();
}
