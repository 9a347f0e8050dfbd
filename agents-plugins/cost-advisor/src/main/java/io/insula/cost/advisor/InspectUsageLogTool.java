package io.insula.cost.advisor;

import io.insula.agent.AgentFailure;
import io.insula.agent.Attachment;
import io.insula.agent.Describe;
import io.insula.agent.Effect;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.ToolInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Looks at the beginning of a usage log: its format, and what its columns mean.
 *
 * <p>Fails with {@code log-unusable} and the reason if no row of it can be used.
 */
@Extension
@ToolInfo(name = "inspect-usage-log", summary = "Reads the first rows of a usage log and says what its columns mean.", effect = Effect.READS)
public final class InspectUsageLogTool implements Tool<InspectUsageLogTool.Input, InspectUsageLogTool.Output> {
    private static final int ROWS = 1_000;

    /** Made for one call. */
    public InspectUsageLogTool() {}

    /**
     * What to look at.
     *
     * @param log the file
     */
    record Input(@Describe("the usage log") Attachment log) {}

    /**
     * What was found.
     *
     * @param shape how the log is built
     * @param rowsRead usable rows that were looked at
     */
    record Output(LogShape shape, long rowsRead) {}

    @Override
    public Output call(Input input, ToolContext context) throws AgentFailure {
        try (InputStream stream = context.open(input.log())) {
            var rows = new UsageRows(stream, ReadingLimits.defaults(), context::checkpoint);
            Optional<UsageRow> row = rows.next();
            while (row.isPresent() && rows.usable() < ROWS) {
                row = rows.next();
            }
            return new Output(rows.shape(), rows.usable());
        } catch (UnusableLogException e) {
            throw Failures.unusable(input.log(), e);
        } catch (IOException _) {
            throw Failures.unreadable(input.log());
        }
    }
}
