package io.insula.app;

import java.util.List;

/** The configuration cannot be used; says everything that is wrong with it, one problem a line. */
final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
