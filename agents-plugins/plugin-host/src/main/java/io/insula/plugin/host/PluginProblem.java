package io.insula.plugin.host;

import io.insula.agent.rules.Verdict;

/** Why a plugin is not loaded; the message is written for the operator and holds no text of a plugin's exception. */
final class PluginProblem extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CHARACTERS = 1_000;

    private static final int TOLD_FINDINGS = 3;

    private final PluginState state;
    private final boolean tookTooLong;

    private PluginProblem(PluginState state, boolean tookTooLong, String message) {
        super(PlainText.of(message, MAX_CHARACTERS), null, false, false);
        this.state = state;
        this.tookTooLong = tookTooLong;
    }

    static PluginProblem refused(String message) {
        return new PluginProblem(PluginState.REFUSED, false, message);
    }

    /** It is loaded as soon as something else has changed. */
    static PluginProblem waiting(String message) {
        return new PluginProblem(PluginState.WAITING, false, message);
    }

    /** It breaks rules; the first findings are told. */
    static PluginProblem refused(Verdict verdict) {
        return refused("It breaks rules for plugins. " + verdict.text(TOLD_FINDINGS, " "));
    }

    static PluginProblem failed(String message) {
        return new PluginProblem(PluginState.FAILED, false, message);
    }

    /** Its code did not return in time: nothing says that it would not another time. */
    static PluginProblem tookTooLong(String message) {
        return new PluginProblem(PluginState.FAILED, true, message);
    }

    PluginState state() {
        return state;
    }

    boolean tookTooLong() {
        return tookTooLong;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
