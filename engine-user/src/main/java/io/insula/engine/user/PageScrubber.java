package io.insula.engine.user;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes zeros where pages of the journal's file hold nothing.
 *
 * <p>SQLite's secure delete covers rows that are deleted. When it moves rows from one page to another, to make room or
 * to join pages, it leaves copies between the list of a page's rows and the rows, where nobody reads them but who
 * searches the disk. So that space is written over here, past SQLite. That is harmless while the whole journal is in
 * this file and not in the write-ahead log, whatever happens in between: nobody reads these bytes, and each write
 * changes no others.
 *
 * <p>Used by the writer's thread. The file stays open until {@link #close}: closing it earlier would, as is the way of
 * this kind of lock, take away the locks of all connections of the process.
 */
final class PageScrubber implements AutoCloseable {
    private static final int BITE_PAGES = 2_048;
    private static final int FILE_HEADER = 100;
    private static final int LEAF_HEADER = 8;
    private static final int INNER_HEADER = 12;
    private static final int ROWS_AT = 3;
    private static final int CONTENT_AT = 5;
    private static final int LARGEST_PAGE = 1 << 16;
    /** Below this, the first byte of a page that is not of a table or index is never that of one that is. */
    private static final long MOST_PAGES = 1 << 25;

    private final FileChannel file;
    private final int pageBytes;
    private long next;

    PageScrubber(Path path, int pageBytes) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.pageBytes = pageBytes;
    }

    /** Begins with the first page again. */
    void restart() {
        next = 0;
    }

    /**
     * Goes through some pages. The write-ahead log is empty, and the connection that writes has no page in memory.
     *
     * @return whether that was the last of them
     */
    boolean bite() throws IOException {
        ByteBuffer pages = ByteBuffer.allocate(BITE_PAGES * pageBytes);
        long at = next * pageBytes;
        while (pages.hasRemaining() && file.read(pages, at + pages.position()) >= 0) {
            // A read may give less than there is.
        }
        int count = pages.position() / pageBytes;
        for (int i = 0; i < count && next < MOST_PAGES; i++) {
            scrub(pages, i * pageBytes, next);
            next++;
        }
        if (count == BITE_PAGES) {
            return false;
        }
        file.force(false);
        return true;
    }

    private void scrub(ByteBuffer pages, int start, long page) throws IOException {
        int header = start + (page == 0 ? FILE_HEADER : 0);
        int headerBytes = switch (pages.get(header)) {
            case 2, 5 -> INNER_HEADER;
            case 10, 13 -> LEAF_HEADER;
            default -> 0;
        };
        if (headerBytes == 0) {
            return;
        }
        int rows = Short.toUnsignedInt(pages.getShort(header + ROWS_AT));
        int stored = Short.toUnsignedInt(pages.getShort(header + CONTENT_AT));
        int from = header + headerBytes + 2 * rows;
        int to = start + (stored == 0 ? LARGEST_PAGE : stored);
        if (from < to && to <= start + pageBytes && !isZero(pages, from, to)) {
            write(page * pageBytes + (from - start), to - from);
        }
    }

    private static boolean isZero(ByteBuffer pages, int from, int to) {
        for (int i = from; i < to; i++) {
            if (pages.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void write(long at, int count) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(count);
        while (zeros.hasRemaining()) {
            file.write(zeros, at + zeros.position());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
