package io.insula.agent.rules;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** Reads the class files of jars and folders, those for other releases of Java included. Used by one thread. */
final class ClassFiles {
    private static final String SUFFIX = ".class";
    private static final Pattern OTHER_RELEASE = Pattern.compile("META-INF/versions/([0-9]{1,9})/.*");

    private final Findings findings;
    private final List<ScannedClass> classes = new ArrayList<>();

    ClassFiles(Findings findings) {
        this.findings = findings;
    }

    Collection<ScannedClass> classes() {
        return classes;
    }

    /** Reads all classes of a jar or below a folder. */
    void read(Path place, boolean library) throws IOException {
        if (Files.isDirectory(place)) {
            try (var files = Files.walk(place)) {
                for (var file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
                    add(place.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file), library);
                }
            }
            return;
        }
        try (var zip = new ZipFile(place.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements();) {
                var entry = entries.nextElement();
                if (entry.getName().endsWith(SUFFIX) && !entry.isDirectory()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        add(entry.getName(), content.readAllBytes(), library);
                    }
                }
            }
        }
    }

    private void add(String entry, byte[] bytes, boolean library) {
        var release = OTHER_RELEASE.matcher(entry);
        // The JDK never chooses those for a later release, and they may be in a form that it cannot read.
        if (entry.endsWith("module-info.class")
                || (release.matches() && Integer.parseInt(release.group(1)) > Runtime.version().feature())) {
            return;
        }
        try {
            classes.add(ScannedClass.of(ClassFile.of().parse(bytes), library));
        } catch (IllegalArgumentException e) {
            findings.add(unreadable(entry));
        }
    }

    static Finding unreadable(String name) {
        return new Finding(Rule.CLASS_FILE, name, "", "is no class file that can be read", Rule.CLASS_FILE.remedy());
    }
}
