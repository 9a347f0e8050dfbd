package io.insula.engine.user;

import io.insula.engine.api.Receipt;
import java.util.UUID;

/**
 * A request that was accepted: sent again, it gets the same receipt.
 *
 * @param id the client's id of it
 * @param body what it asked, compared by its decoded values
 * @param receipt what it got
 */
record RequestRecord(UUID id, Record body, Receipt receipt) {}
