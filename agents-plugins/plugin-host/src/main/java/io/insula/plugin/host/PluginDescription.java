package io.insula.plugin.host;

import io.insula.agent.rules.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.pf4j.DefaultVersionManager;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.VersionManager;

/**
 * What a plugin says of itself in the manifest of its own jar, checked.
 *
 * @param id the plugin's id
 * @param version a semantic version
 * @param dependencies the plugins that it needs
 * @param capabilities what it asks for beyond the rules
 * @param jar the jar that says so; its module is the plugin's own, the others are libraries
 */
record PluginDescription(String id, String version, List<PluginDependency> dependencies,
        Set<Capability> capabilities, Path jar) {
    private static final String CAPABILITIES = "Plugin-Capabilities";
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
    private static final int MAX_VERSION_CHARACTERS = 100;
    private static final int MAX_DEPENDENCIES = 100;
    private static final Pattern PLAIN_VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+");
    private static final VersionManager VERSIONS = new DefaultVersionManager();

    /** Reads the one descriptor among the plugin's jars. */
    static PluginDescription of(StagedPlugin plugin, String platformVersion) throws IOException, PluginProblem {
        var jar = ownJar(plugin.jars());
        PluginDescriptor descriptor;
        try {
            descriptor = new DescriptorFinder().find(jar);
        } catch (RuntimeException e) {
            throw PluginProblem
                    .refused("Its manifest cannot be read as a plugin's descriptor. Check Plugin-Dependencies.");
        }
        var id = descriptor.getPluginId();
        if (id == null || !ID.matcher(id).matches()) {
            throw PluginProblem.refused("Its Plugin-Id must be 1 to 64 letters, digits, dots, hyphens and underscores,"
                    + " beginning with a letter.");
        }
        checkVersions(descriptor, platformVersion);
        if (descriptor.getDependencies().size() > MAX_DEPENDENCIES) {
            throw PluginProblem.refused("It depends on more than " + MAX_DEPENDENCIES + " plugins.");
        }
        return new PluginDescription(id, descriptor.getVersion(), List.copyOf(descriptor.getDependencies()),
                capabilities(jar), jar);
    }

    private static Set<Capability> capabilities(Path jar) throws IOException, PluginProblem {
        var written = manifestOf(jar).getMainAttributes().getValue(CAPABILITIES);
        var asked = EnumSet.noneOf(Capability.class);
        for (var word : written == null ? List.<String>of() : List.of(written.strip().split("[ ,]+", -1))) {
            asked.add(Capability.of(word)
                    .orElseThrow(() -> PluginProblem.refused("Its " + CAPABILITIES + " names \"" + word
                            + "\", which is none. There are " + String.join(", ", Capability.ids()) + ".")));
        }
        return Collections.unmodifiableSet(asked);
    }

    /** Tells whether a version lies in a range of PF4J's syntax; {@code *} takes any. */
    static boolean isInRange(String version, String range) throws PluginProblem {
        try {
            return VERSIONS.checkVersionConstraint(version, range);
        } catch (RuntimeException e) {
            throw PluginProblem
                    .refused("\"" + range + "\" is not a version range. Write one such as >=1.2.0 & <2.0.0.");
        }
    }

    private static Path ownJar(List<Path> jars) throws IOException, PluginProblem {
        Path own = null;
        for (var jar : jars) {
            var manifest = manifestOf(jar);
            if (manifest.getMainAttributes().getValue(ManifestPluginDescriptorFinder.PLUGIN_CLASS) != null) {
                throw PluginProblem.refused("Its manifest names a Plugin-Class. Remove it: the platform finds agents by"
                        + " their @Extension and runs nothing else of a plugin.");
            }
            if (manifest.getMainAttributes().getValue(ManifestPluginDescriptorFinder.PLUGIN_ID) == null) {
                continue;
            }
            if (own != null) {
                throw PluginProblem.refused("Two of its jars have a Plugin-Id: " + own.getFileName() + " and "
                        + jar.getFileName() + ". A library must have none.");
            }
            own = jar;
        }
        if (own == null) {
            throw PluginProblem.refused("It has no descriptor: no jar with a Plugin-Id in META-INF/MANIFEST.MF.");
        }
        return own;
    }

    private static Manifest manifestOf(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            var manifest = file.getManifest();
            return manifest == null ? new Manifest() : manifest;
        }
    }

    private static void checkVersions(PluginDescriptor descriptor, String platformVersion) throws PluginProblem {
        var version = descriptor.getVersion();
        if (version == null || version.length() > MAX_VERSION_CHARACTERS || !isVersion(version)) {
            throw PluginProblem.refused("Its Plugin-Version must be a semantic version such as 1.2.0.");
        }
        var requires = descriptor.getRequires();
        if (requires.length() > MAX_VERSION_CHARACTERS) {
            throw PluginProblem
                    .refused("Its Plugin-Requires is longer than " + MAX_VERSION_CHARACTERS + " characters.");
        }
        // As in PF4J: a plain version means that one or a later.
        var range = PLAIN_VERSION.matcher(requires).matches() ? ">=" + requires : requires;
        if (!isInRange(platformVersion, range)) {
            throw PluginProblem.refused("It requires a platform of version " + requires + "; this one is "
                    + platformVersion + ".");
        }
    }

    private static boolean isVersion(String version) {
        try {
            return VERSIONS.compareVersions(version, version) == 0;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** PF4J's reader of descriptors, with our own reading of the jar: ours closes what it opens and bounds it. */
    private static final class DescriptorFinder extends ManifestPluginDescriptorFinder {
        @Override
        protected Manifest readManifest(Path jar) {
            try {
                return manifestOf(jar);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
