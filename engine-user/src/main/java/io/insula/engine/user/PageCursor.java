package io.insula.engine.user;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;

/** Where a page ends, as clients send it back to have the next one. */
final class PageCursor {
    private PageCursor() {}

    static String of(long number) {
        return Long.toString(number);
    }

    static String of(MessageRecord.Key key) {
        return key.runOrdinal() + "." + key.index();
    }

    static MessageRecord.Key key(String cursor) throws RefusedException {
        int dot = cursor.indexOf('.');
        if (dot < 0) {
            throw unknownPage();
        }
        long index = number(cursor.substring(dot + 1));
        if (index > Integer.MAX_VALUE) {
            throw unknownPage();
        }
        return new MessageRecord.Key(number(cursor.substring(0, dot)), (int) index);
    }

    static long number(String cursor) throws RefusedException {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw unknownPage();
        }
        return Long.parseLong(cursor);
    }

    private static RefusedException unknownPage() {
        return new RefusedException(
                ErrorCode.PAGE_UNKNOWN, "There is no such page. Leave \"after\" out to begin with the first one.");
    }
}
