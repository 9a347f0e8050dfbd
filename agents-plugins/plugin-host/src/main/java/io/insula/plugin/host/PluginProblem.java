package io.insula.plugin.host;

/** Why a plugin is not loaded; the message is written for the operator and holds no text of a plugin's exception. */
final class PluginProblem extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CHARACTERS = 1_000;

    private final PluginState state;

    private PluginProblem(PluginState state, String message) {
        super(PlainText.of(message, MAX_CHARACTERS), null, false, false);
        this.state = state;
    }

    static PluginProblem refused(String message) {
        return new PluginProblem(PluginState.REFUSED, message);
    }

    static PluginProblem failed(String message) {
        return new PluginProblem(PluginState.FAILED, message);
    }

    PluginState state() {
        return state;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
