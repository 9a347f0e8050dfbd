package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.RunState;
import io.insula.engine.user.JournalReport;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
    private static String summary(int users, int events, int runs) {
        var run = new JournalReport.Unfinished(new UserId("issuer", "ada"), new RunId("r"), RunState.RUNNING);
        return DoctorCommand.summary(
                new JournalReport(true, 1, 4096, users, events, Collections.nCopies(runs, run), List.of()));
    }

    @Test
    void oneOfAKindIsToldAsOne() {
        assertEquals("Journal: format 1, 4096 bytes, 1 user, 1 event, 1 run that has not ended", summary(1, 1, 1));
    }

    @Test
    void severalAndNoneAreToldAsMany() {
        assertEquals("Journal: format 1, 4096 bytes, 2 users, 3 events, 2 runs that have not ended", summary(2, 3, 2));
        assertEquals("Journal: format 1, 4096 bytes, 0 users, 0 events, 0 runs that have not ended", summary(0, 0, 0));
    }
}
