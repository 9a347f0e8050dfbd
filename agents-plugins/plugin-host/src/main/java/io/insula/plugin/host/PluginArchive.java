package io.insula.plugin.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The archives of one plugin, read to their end once: so damaged ones, and those that unpack to too much, are found
 * before anything trusts them. One budget for all of them. Used by one thread.
 */
final class PluginArchive {
    private static final Pattern LIBRARY = Pattern.compile("lib/([A-Za-z0-9][A-Za-z0-9._+-]{0,199}\\.jar)");
    private static final int CLASS_FILE_MAGIC = 0xCAFEBABE;
    private static final int CLASS_FILE_HEADER_BYTES = 8;
    private static final int PREVIEW_MINOR_VERSION = 0xFFFF;
    // Class files of Java 1 have version 45.
    private static final int CLASS_FILE_VERSION_OF_JAVA_0 = 44;

    private final PluginLimits limits;
    private int entries;
    private long unpackedBytes;

    PluginArchive(PluginLimits limits) {
        this.limits = limits;
    }

    /** Reads every entry of a jar. */
    void check(Path jar) throws IOException, PluginProblem {
        try (var zip = new ZipFile(jar.toFile())) {
            for (var entry : checkedEntries(zip)) {
                try (var content = zip.getInputStream(entry)) {
                    drain(entry, content, OutputStream.nullOutputStream());
                }
            }
        }
    }

    /** Writes the jars of a zip's {@code lib/} into a folder; everything else in it is read, checked and left out. */
    List<Path> unpackLibraries(Path file, Path folder) throws IOException, PluginProblem {
        var jars = new ArrayList<Path>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : checkedEntries(zip)) {
                if (entry.getName().startsWith("classes/")) {
                    throw PluginProblem.refused("It holds loose classes in classes/. Put them into a jar in lib/.");
                }
                var library = LIBRARY.matcher(entry.getName());
                if (library.matches()) {
                    jars.add(folder.resolve(library.group(1)));
                }
                try (var content = zip.getInputStream(entry);
                        var target = library.matches() ? Files.newOutputStream(jars.getLast())
                                : OutputStream.nullOutputStream()) {
                    drain(entry, content, target);
                }
            }
        }
        if (jars.isEmpty()) {
            throw PluginProblem.refused("It holds no jar in lib/. A zip has the plugin's jar and its libraries there.");
        }
        return jars.stream().sorted().toList();
    }

    private List<ZipEntry> checkedEntries(ZipFile zip) throws PluginProblem {
        entries += zip.size();
        if (entries > limits.archiveEntries()) {
            throw PluginProblem
                    .refused("It has more than " + limits.archiveEntries() + " entries, the limit for a plugin.");
        }
        var found = new ArrayList<ZipEntry>();
        var names = new HashSet<String>();
        for (var all = zip.entries(); all.hasMoreElements();) {
            var entry = all.nextElement();
            var name = entry.getName();
            if (name.isEmpty() || name.startsWith("/") || name.contains("\\") || name.contains(":")
                    || List.of(name.split("/")).contains("..")) {
                throw PluginProblem.refused("Its entry \"" + name + "\" leads out of the archive.");
            }
            // Two readers may see two different files behind one name.
            if (!names.add(name)) {
                throw PluginProblem.refused("It has two entries named \"" + name + "\".");
            }
            found.add(entry);
        }
        return found;
    }

    private void drain(ZipEntry entry, InputStream content, OutputStream target) throws IOException, PluginProblem {
        var name = entry.getName();
        // What a jar holds for other releases is chosen at run time, never for a newer one.
        if (name.endsWith(".class") && !name.startsWith("META-INF/versions/")) {
            var header = content.readNBytes(CLASS_FILE_HEADER_BYTES);
            checkClassFile(name, header);
            count(name, header.length, header.length);
            target.write(header);
        }
        var buffer = new byte[1 << 16];
        var size = 0L;
        for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            size += read;
            count(name, read, size);
            target.write(buffer, 0, read);
        }
    }

    private void count(String name, int read, long size) throws PluginProblem {
        unpackedBytes += read;
        if (unpackedBytes > limits.unpackedBytes()) {
            throw PluginProblem
                    .refused("It unpacks to more than " + limits.unpackedBytes() + " bytes, the limit for a plugin.");
        }
        // These two are read into memory whole.
        var readWhole = name.equalsIgnoreCase("META-INF/MANIFEST.MF") || name.equals(ExtensionIndex.RESOURCE);
        if (readWhole && size > limits.manifestBytes()) {
            throw PluginProblem.refused("Its " + name + " is larger than " + limits.manifestBytes() + " bytes.");
        }
    }

    private static void checkClassFile(String name, byte[] header) throws PluginProblem {
        if (header.length < CLASS_FILE_HEADER_BYTES || number(header, 0, 4) != CLASS_FILE_MAGIC) {
            throw PluginProblem.refused("Its entry " + name + " is not a class file.");
        }
        var minorVersion = number(header, 4, 2);
        var java = number(header, 6, 2) - CLASS_FILE_VERSION_OF_JAVA_0;
        var platformJava = Runtime.version().feature();
        if (java > platformJava) {
            throw PluginProblem.refused("Its class " + name + " is compiled for Java " + java
                    + "; this platform runs Java " + platformJava + ". Compile it with --release " + platformJava
                    + ".");
        }
        if (minorVersion == PREVIEW_MINOR_VERSION) {
            throw PluginProblem.refused("Its class " + name
                    + " uses preview features, which this platform does not run. Compile it without --enable-preview.");
        }
    }

    private static int number(byte[] bytes, int offset, int length) {
        var number = 0;
        for (var i = 0; i < length; i++) {
            number = (number << 8) | (bytes[offset + i] & 0xFF);
        }
        return number;
    }
}
