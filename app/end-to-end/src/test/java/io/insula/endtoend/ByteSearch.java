package io.insula.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds texts in the bytes of files, whatever the files are. */
final class ByteSearch {
    private static final int BLOCK_BYTES = 4 << 20;
    private static final int SHOWN_BEFORE = 200;
    private static final int SHOWN_AFTER = 120;
    /** As strings of Latin-1 and others lie in the memory of the JVM, and as arrays of char lie in a dump of it. */
    private static final List<Charset> FORMS =
            List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);

    private ByteSearch() {}

    /** The files below a folder that hold a text anywhere in their bytes or name. */
    static List<String> filesWith(Path folder, String text) throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                boolean inName = folder.relativize(file).toString().contains(text);
                if (inName || (Files.isRegularFile(file) && !places(file, List.of(text)).isEmpty())) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    /** Which of the texts a file holds, each with what is around its first place. */
    static Map<String, String> places(Path file, List<String> texts) throws IOException {
        var found = new LinkedHashMap<String, String>();
        byte[] block = new byte[BLOCK_BYTES];
        int kept = 0;
        try (InputStream content = Files.newInputStream(file)) {
            for (int read = content.readNBytes(block, 0, BLOCK_BYTES); read > 0; read =
                    content.readNBytes(block, kept, BLOCK_BYTES - kept)) {
                int end = kept + read;
                search(block, end, texts, found);
                // A text may lie across two blocks.
                kept = Math.min(end, 2 * (SHOWN_BEFORE + SHOWN_AFTER));
                System.arraycopy(block, end - kept, block, 0, kept);
            }
        }
        return found;
    }

    private static void search(byte[] block, int end, List<String> texts, Map<String, String> found) {
        // Latin-1 keeps each byte as one char, and String.indexOf is faster than a loop of ours.
        String bytes = new String(block, 0, end, StandardCharsets.ISO_8859_1);
        for (String text : texts) {
            for (Charset form : FORMS) {
                int at = bytes.indexOf(new String(text.getBytes(form), StandardCharsets.ISO_8859_1));
                if (at >= 0) {
                    found.putIfAbsent(text, form + ": " + bytes
                            .substring(Math.max(0, at - SHOWN_BEFORE), Math.min(end, at + SHOWN_AFTER))
                            .replaceAll("[^ -~]", "."));
                }
            }
        }
    }
}
