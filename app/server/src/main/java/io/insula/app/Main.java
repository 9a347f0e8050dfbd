package io.insula.app;

/** Entry of the application inside the engine layer; called by the launcher with the command line. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and returns when it has ended.
     *
     * @param args the command line, never {@code null}
     */
    public static void main(String[] args) {
        System.out.println("insula " + Main.class.getModule().getName());
    }
}
