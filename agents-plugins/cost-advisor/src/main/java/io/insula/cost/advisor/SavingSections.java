package io.insula.cost.advisor;

/** The sections of the report that say what to do. */
final class SavingSections {
    private SavingSections() {}

    /** All options, with formula and assumptions. */
    static String options(Savings savings) {
        var section = new StringBuilder("## What to change\n\n");
        var table = new Markdown.Table("Option", "Saving", "Of the cost");
        for (SavingOption option : savings.options()) {
            String saving =
                    option.saving().map(Words::dollars).orElse(option.supported() ? "break-even, below" : "no figure");
            table.row(option.kind().title(), saving, option.percent().map(percent -> percent + " %").orElse("-"));
        }
        section.append(table)
                .append("\nSavings are for the time of the log, not projected, and each is for its option alone: they"
                        + " overlap, so they do not add up.\n");
        for (SavingOption option : savings.options()) {
            section.append("\n**").append(option.kind().title()).append("**\n");
            section.append(option.supported()
                    ? "- Figure: " + Markdown.text(option.figure())
                            + option.saving().map(saving -> ", " + Words.dollars(saving)).orElse("")
                            + "\n"
                    : "- No figure: " + option.unsupported() + "\n");
            section.append("- Formula: ").append(option.formula()).append('\n');
            section.append("- Assumes: ").append(String.join("; ", option.assumptions())).append('\n');
        }
        return section.toString();
    }

    /** The steps in order. */
    static String plan(ActionPlan plan) {
        var section = new StringBuilder("## Plan\n\n");
        for (PlannedAction action : plan.actions()) {
            section.append(action.order()).append(". **").append(Markdown.text(action.title())).append("**");
            action.saving().ifPresent(saving -> section.append(", saves ").append(Words.dollars(saving)));
            section.append("  \n   ").append(Markdown.text(action.work())).append("  \n   Proof: ")
                    .append(Markdown.text(action.proof())).append('\n');
        }
        return section.toString();
    }
}
