package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.user.EventJournal.LogBounds;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything of a user as one zip. What the journal holds is written to a file without a name first, so that whoever
 * takes the archive slowly keeps the journal waiting for nothing; the content of attachments follows from their files.
 * The manifest comes last: an archive without it is not whole.
 */
final class ExportArchive {
    /** The version of the archive's form; another one is written when a reader of this one could not read it. */
    static final int FORMAT = 1;

    private static final int COPY_BYTES = 64 << 10;
    private static final String MANIFEST = "manifest.json";

    private final UserId user;
    private final RoomParts parts;
    private final RoomErasure erasure;

    ExportArchive(UserId user, RoomParts parts, RoomErasure erasure) {
        this.user = user;
        this.parts = parts;
        this.erasure = erasure;
    }

    /** Leads to the one stream, then to the other. */
    private static final class Switch extends FilterOutputStream {
        Switch(OutputStream first) {
            super(first);
        }

        void to(OutputStream next) throws IOException {
            out.flush();
            out = next;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }
    }

    /**
     * Writes it. Blocks.
     *
     * @param target is not closed; nothing has been written to it if this fails before all that the journal holds was
     *     read
     * @throws RefusedException if the user is erased meanwhile
     * @throws IOException if it cannot be read or written
     */
    void write(OutputStream target) throws RefusedException, IOException {
        try (FileChannel scratch = parts.attachments().scratch(user, parts.identity().next())) {
            Switch output = new Switch(new BufferedOutputStream(Channels.newOutputStream(scratch), COPY_BYTES));
            ZipOutputStream zip = new ZipOutputStream(output, StandardCharsets.UTF_8);
            ExportLines lines = new ExportLines(zip);
            LogBounds bounds = parts.journal().visit(user, lines);
            lines.end();
            zip.flush();
            output.to(target);
            erasure.check();
            copy(Channels.newInputStream(scratch.position(0)), target);
            List<Attachment> missing = contents(lines.attachments(), zip);
            manifest(bounds, lines, missing, zip);
            zip.finish();
            target.flush();
        }
    }

    /** Writes the content of each, and returns those that have none. */
    private List<Attachment> contents(List<Attachment> attachments, ZipOutputStream zip)
            throws RefusedException, IOException {
        List<Attachment> missing = new ArrayList<>();
        for (Attachment attachment : attachments) {
            erasure.check();
            try (InputStream content = parts.attachments().open(user, attachment.id())) {
                zip.putNextEntry(new ZipEntry(ExportLines.file(attachment)));
                copy(content, zip);
                zip.closeEntry();
            } catch (AttachmentFolder.MissingException gone) {
                // The rest is the user's all the same; the manifest tells what is not there.
                missing.add(attachment);
            }
        }
        return missing;
    }

    private void copy(InputStream from, OutputStream to) throws RefusedException, IOException {
        byte[] buffer = new byte[COPY_BYTES];
        int read = from.read(buffer);
        while (read >= 0) {
            erasure.check();
            to.write(buffer, 0, read);
            read = from.read(buffer);
        }
    }

    private void manifest(LogBounds bounds, ExportLines lines, List<Attachment> missing, ZipOutputStream zip)
            throws IOException {
        ObjectNode manifest = JsonFields.object()
                .put("format", "insula-export")
                .put("version", FORMAT)
                .put("exportedAt", parts.now().toString());
        manifest.putObject("user").put("issuer", user.issuer()).put("subject", user.subject());
        manifest.putObject("position").put("epoch", bounds.epoch()).put("sequence", bounds.head());
        manifest.put("firstEvent", bounds.start());
        ObjectNode counts = manifest.putObject("counts");
        lines.counts().forEach(counts::put);
        ArrayNode absent = manifest.putArray("missing");
        missing.forEach(attachment -> absent.add(ExportLines.file(attachment)));
        zip.putNextEntry(new ZipEntry(MANIFEST));
        zip.write(JsonFields.text(manifest).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
