package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The reader of the record finds what was sent too early, and nothing else. */
class SyncTraceTest {
    private static final String WRITE = "write journal.db-wal TRACE-1";
    private static final String BEGIN = "begin journal.db-wal ";
    private static final String SYNCED = "synced journal.db-wal ok";
    private static final String FAILED = "synced journal.db-wal failed";
    private static final String SEND = "send accepted TRACE-1";

    @Test
    void acceptsWhatIsSentBehindTheSyncOfWhatWasWritten() {
        var trace = SyncTrace.of(List.of(WRITE, BEGIN, SYNCED, SEND));

        assertEquals(List.of(), trace.violations());
        assertEquals(1, trace.sent("accepted"));
        assertTrue(trace.isDurable("TRACE-1"));
    }

    @Test
    void findsWhatIsSentBeforeTheSyncEnds() {
        assertEquals(1, SyncTrace.of(List.of(WRITE, BEGIN, SEND, SYNCED)).violations().size());
        assertEquals(1, SyncTrace.of(List.of(WRITE, SEND, BEGIN, SYNCED)).violations().size());
        assertEquals(1, SyncTrace.of(List.of(SEND)).violations().size());
    }

    @Test
    void findsWhatWasWrittenAfterTheSyncBegan() {
        assertEquals(1, SyncTrace.of(List.of(BEGIN, WRITE, SYNCED, SEND)).violations().size());
    }

    @Test
    void findsWhatWasSyncedInAnotherFile() {
        assertEquals(1, SyncTrace.of(List.of(WRITE, "begin journal.db ", "synced journal.db ok", SEND)).violations()
                .size());
    }

    @Test
    void trustsNoLaterSyncOfWhatAFailedOneMayHaveDropped() {
        var trace = SyncTrace.of(List.of(WRITE, BEGIN, FAILED, BEGIN, SYNCED, SEND));

        assertEquals(1, trace.violations().size());
        assertEquals(1, trace.failedSyncs());
        assertFalse(trace.isDurable("TRACE-1"));
        assertEquals(List.of(),
                SyncTrace.of(List.of(WRITE, BEGIN, FAILED, WRITE, BEGIN, SYNCED, SEND)).violations());
    }
}
