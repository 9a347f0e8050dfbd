package io.insula.plugin.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Finds the files in the plugins folder and takes private copies of them, one after the other. Runs no code of a plugin.
 */
final class PluginIntake {
    private static final String JAR = ".jar";
    private static final String ZIP = ".zip";

    private final Path pluginsFolder;
    private final Path workFolder;
    private final PluginLimits limits;
    /** The bytes of all copies that are not deleted. */
    private final AtomicLong copiedBytes = new AtomicLong();

    PluginIntake(PluginHostSettings settings) {
        this.pluginsFolder = settings.pluginsFolder();
        this.workFolder = settings.workFolder();
        this.limits = settings.limits();
    }

    /** Removes the copies of former runs. */
    void emptyWorkFolder() throws IOException {
        FolderTree.delete(workFolder);
        Files.createDirectories(workFolder);
        if (Files.getFileStore(workFolder).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(workFolder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /**
     * The files that want to be plugins, sorted by name: jars, zips and folders. Other files, and those whose name
     * begins with a dot, are not meant for us.
     *
     * @throws PluginProblem if the folder is no safe place
     */
    List<Path> files() throws IOException, PluginProblem {
        if (!Files.exists(pluginsFolder)) {
            return List.of();
        }
        if (!Files.isDirectory(pluginsFolder)) {
            throw PluginProblem.refused("The plugins folder is not a folder.");
        }
        refuseIfAnyoneMayWrite(pluginsFolder);
        try (var entries = Files.list(pluginsFolder)) {
            return entries.filter(PluginIntake::wantsToBePlugin).sorted().toList();
        }
    }

    /**
     * Takes the copy and checks it; on failure nothing is left behind. The caller has the first hold of the copy.
     *
     * @param number tells the copies apart
     */
    StagedPlugin take(Path file, int number) throws IOException, PluginProblem {
        if (Files.isSymbolicLink(file)) {
            throw PluginProblem.refused("It is a symbolic link. Put the file itself into the plugins folder.");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw PluginProblem.refused("It is not a file. A plugin is a jar, or a zip with jars in lib/.");
        }
        refuseIfAnyoneMayWrite(file);
        refuseIfFull(Files.size(file));
        var folder = Files.createDirectory(workFolder.resolve(Integer.toString(number)));
        try {
            return stage(file, folder);
        } catch (ZipException e) {
            FolderTree.delete(folder);
            throw PluginProblem
                    .refused("It is not a readable archive: it is damaged, cut short, or no jar or zip at all.");
        } catch (IOException | PluginProblem | RuntimeException e) {
            FolderTree.delete(folder);
            throw e;
        }
    }

    private StagedPlugin stage(Path file, Path folder) throws IOException, PluginProblem {
        var archive = new PluginArchive(limits);
        if (nameOf(file).endsWith(JAR)) {
            var copy = folder.resolve("plugin.jar");
            var sha256 = copy(file, copy);
            archive.check(copy);
            return staged(file, sha256, folder, List.of(copy), List.of(copy));
        }
        var copy = folder.resolve("plugin.zip");
        var sha256 = copy(file, copy);
        var jars = archive.unpackLibraries(copy, Files.createDirectory(folder.resolve("lib")));
        for (var jar : jars) {
            archive.check(jar);
        }
        return staged(file, sha256, folder, jars,
                Stream.concat(Stream.of(copy), jars.stream()).toList());
    }

    private StagedPlugin staged(Path file, String sha256, Path folder, List<Path> jars, List<Path> files)
            throws IOException, PluginProblem {
        var sum = 0L;
        for (var each : files) {
            sum += Files.size(each);
        }
        refuseIfFull(sum);
        var bytes = sum;
        copiedBytes.addAndGet(bytes);
        return new StagedPlugin(file, sha256, folder, jars, () -> copiedBytes.addAndGet(-bytes));
    }

    private void refuseIfFull(long moreBytes) throws PluginProblem {
        if (moreBytes > limits.swap().copiesBytes() - copiedBytes.get()) {
            throw PluginProblem.waiting("With it the copies of all plugins and versions would be larger than "
                    + limits.swap().copiesBytes() + " bytes, the limit. It is taken when others are gone.");
        }
    }

    /** Copies the file and gives its digest. */
    private String copy(Path file, Path copy) throws IOException, PluginProblem {
        var digest = sha256();
        // Bounded by what is read, not by the size reported before: the file may still grow.
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                var out = Files.newOutputStream(copy)) {
            var buffer = new byte[1 << 16];
            var copied = 0L;
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                copied += count;
                if (copied > limits.archiveBytes()) {
                    throw PluginProblem.refused(
                            "It is larger than " + limits.archiveBytes() + " bytes, the limit for a plugin's file.");
                }
                out.write(buffer, 0, count);
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void refuseIfAnyoneMayWrite(Path path) throws IOException, PluginProblem {
        if (Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class)
                && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw PluginProblem.refused("Anyone on this machine may write to " + path.getFileName()
                    + ", and so run code in the platform. Take that right away: chmod o-w.");
        }
    }

    private static boolean wantsToBePlugin(Path path) {
        var name = nameOf(path);
        return !name.startsWith(".") && (name.endsWith(JAR) || name.endsWith(ZIP) || Files.isDirectory(path));
    }

    private static String nameOf(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT);
    }
}
