package io.insula.cost.advisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report in Markdown, section by section; what failed is said and what is missing is left out. */
final class CostReport {
    private static final int LONGEST_QUESTION = 500;

    private final ReportRequest request;

    CostReport(ReportRequest request) {
        this.request = request;
    }

    /** The sections in order, each ending with a line end; the first names what the costs rest on. */
    List<String> sections() {
        List<String> sections = new ArrayList<>();
        sections.add(request.statistics()
                .map(found -> PricingSentence.of(found.pricing()))
                .orElse("Nothing is priced: there are no figures of a log.") + "\n");
        sections.add(title());
        if (!request.failures().isEmpty()) {
            sections.add(failures());
        }
        request.statistics().ifPresent(found -> {
            var usage = new UsageSections(found);
            sections.add(usage.summary() + best());
            sections.add(usage.spend());
            sections.add(usage.load());
        });
        request.savings().ifPresent(found -> sections.add(SavingSections.options(found)));
        request.plan().ifPresent(found -> sections.add(SavingSections.plan(found)));
        sections.add(basis());
        sections.removeIf(String::isEmpty);
        return sections;
    }

    private String title() {
        String name = request.statistics().map(UsageStatistics::log)
                .or(() -> request.triage().map(found -> found.log().name()))
                .map(log -> ": " + Markdown.code(log))
                .orElse("");
        String question = request.question().strip();
        String quoted =
                question.length() > LONGEST_QUESTION ? question.substring(0, LONGEST_QUESTION) + "..." : question;
        return "# Language model spend" + name + "\n" + (quoted.isEmpty() ? "" : "\n> " + Markdown.text(quoted) + "\n");
    }

    private String failures() {
        var section = new StringBuilder("## What failed\n\n");
        for (StepFailure failure : request.failures()) {
            section.append("- **").append(Markdown.text(failure.part())).append("** (`").append(failure.code())
                    .append("`): ")
                    .append(Markdown.text(failure.message())).append('\n');
        }
        return section.toString();
    }

    private String best() {
        return request.savings().map(Savings::options).orElse(List.of()).stream()
                .filter(option -> option.saving().filter(saving -> saving.signum() > 0).isPresent())
                .findFirst()
                .map(option -> "The largest option: " + option.kind().title().toLowerCase(Locale.ROOT) + ", "
                        + option.saving().map(Words::dollars).orElse("") + " ("
                        + option.percent().map(Object::toString).orElse("")
                        + " % of the cost).\n")
                .orElse("");
    }

    private String basis() {
        var section = new StringBuilder();
        request.triage().ifPresent(found -> found.missing().forEach(missing -> line(section, "Missing: " + missing)));
        request.triage().ifPresent(found -> found.notes().forEach(note -> line(section, note)));
        request.statistics().ifPresent(found -> statisticsBasis(section, found));
        return section.isEmpty() ? "" : "## What the figures rest on\n\n" + section;
    }

    private static void statisticsBasis(StringBuilder section, UsageStatistics found) {
        List<String> columns = new ArrayList<>();
        for (LogShape.Column column : found.shape().columns()) {
            columns.add(Markdown.code(column.name()) + " as " + column.field().meaning());
        }
        section.append("- ").append(found.shape().format()).append(": ").append(String.join(", ", columns))
                .append('\n');
        found.shape().notes().forEach(note -> line(section, note));
        boolean rounded = found.inputPerRequest().filter(values -> !values.exact()).isPresent()
                || found.outputPerRequest().filter(values -> !values.exact()).isPresent();
        if (rounded) {
            line(section,
                    "percentiles marked rounded are to four significant digits, since there are very many values");
        }
        RejectedRows rejected = found.rejected();
        if (rejected.count() == 0) {
            line(section, "every row could be used");
            return;
        }
        line(section, Words.number(rejected.count()) + " malformed " + (rejected.count() == 1 ? "row was" : "rows were")
                + " skipped"
                + (rejected.count() > rejected.first().size() ? "; the first " + rejected.first().size() : "") + ":");
        var table = new Markdown.Table(2, "Line", "Reason");
        rejected.first().forEach(row -> table.row(Words.number(row.line()), Markdown.text(row.reason())));
        section.append('\n').append(table);
    }

    private static void line(StringBuilder section, String line) {
        section.append("- ").append(Markdown.text(line)).append('\n');
    }
}
