package io.insula.plugin.host;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * Addresses of resources in a plugin that are read by the plugin's own reader. The JDK's handler would put each jar into
 * a cache of the process, and so hold the file of a plugin that is long gone.
 */
final class PluginResource {
    private PluginResource() {}

    static URL url(URI address, ModuleReader reader, String name) throws IOException {
        return URL.of(address, new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
                return new Connection(url, reader, name);
            }
        });
    }

    private static final class Connection extends URLConnection {
        private final ModuleReader reader;
        private final String name;

        Connection(URL url, ModuleReader reader, String name) {
            super(url);
            this.reader = reader;
            this.name = name;
        }

        @Override
        public void connect() {
            connected = true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return reader.open(name).orElseThrow(() -> new FileNotFoundException(name));
        }
    }
}
