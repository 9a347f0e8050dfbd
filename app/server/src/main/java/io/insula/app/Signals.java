package io.insula.app;

/** How the operating system asks the process to stop. */
interface Signals {
    /**
     * Calls {@code stop} when the process is asked to stop (Ctrl-C, SIGTERM, a terminal that is closed), in a thread of its own. Being asked once
     * more ends the process at once. A later call replaces the former.
     */
    void onStop(Runnable stop);
}
