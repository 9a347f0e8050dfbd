package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTest {
    private static final int LAST = 0x80;
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] TEXT = "{}".getBytes(StandardCharsets.UTF_8);

    private RunningTransport running;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        running = new RunningTransport();
        client = running.connect("ada");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        running.awaitEmpty();
        running.close();
    }

    /**
     * Frames that the standard forbids.
     *
     * @param name its number in the table of bad input, and what is wrong
     */
    record Case(String name, int closeCode, Sending sending) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case frames(String name, Sending sending) {
        return new Case(name, 1002, sending);
    }

    private static Case first(String name, int first) {
        return frames(name, raw -> raw.frame(first, TEXT));
    }

    private static Case close(String name, int code, byte[] body) {
        return new Case(name, code, raw -> raw.frame(LAST | RawClient.CLOSE, body));
    }

    static Stream<Case> forbidden() {
        Stream<Case> cases = Stream.of(
                frames("W24 not masked", raw -> raw.send(new byte[]{(byte) 0x81, 2, '{', '}'})),
                first("W25 first reserved bit, as of compression", LAST | 0x40 | 1),
                first("W25 second reserved bit", LAST | 0x20 | 1),
                first("W25 third reserved bit", LAST | 0x10 | 1),
                frames("W27 ping of 126 bytes", raw -> raw.frame(LAST | RawClient.PING, new byte[126])),
                frames("W27 pong of 126 bytes", raw -> raw.frame(LAST | RawClient.PONG, new byte[126])),
                first("W28 ping in fragments", RawClient.PING),
                first("W28 close in fragments", RawClient.CLOSE),
                first("W29 continuation of nothing", LAST),
                first("W29 continuation of nothing, to be continued", 0),
                frames("W30 text inside a text", raw -> raw.frame(1, TEXT).frame(LAST | 1, TEXT)),
                frames("W30 binary inside a text", raw -> raw.frame(1, TEXT).frame(LAST | 2, TEXT)),
                close("W40 half a code", 1002, new byte[]{3}),
                close("W40 reason of 124 bytes", 1002, closeBody(1000, "x".repeat(124))),
                close("W40 reason that is not UTF-8", 1007, new byte[]{3, (byte) 0xe8, (byte) 0xff}));
        Stream<Case> opcodes = IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                .mapToObj(opcode -> first("W26 reserved opcode " + opcode, LAST | opcode));
        Stream<Case> codes = IntStream.of(0, 999, 1004, 1005, 1006, 1015, 5000)
                .mapToObj(code -> close("W40 code " + code, 1002, closeBody(code, "")));
        return Stream.of(cases, opcodes, codes).flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    @Tag("W24")
    @Tag("W25")
    @Tag("W26")
    @Tag("W27")
    @Tag("W28")
    @Tag("W29")
    @Tag("W30")
    @Tag("W38")
    @Tag("W40")
    void whatTheStandardForbidsEndsTheConnectionWithItsCode(Case forbidden) throws IOException {
        closedAs(forbidden.closeCode(), forbidden.sending());
    }

    @Test
    @Tag("W33")
    void aLengthThatCouldBeWrittenShorterIsTakenForWhatItSays() throws IOException {
        byte[] ping = "{\"type\":\"ping\",\"id\":\"1\"}".getBytes(StandardCharsets.US_ASCII);
        byte[] head = ByteBuffer.allocate(14).put((byte) (LAST | 1)).put((byte) (0x80 | 127))
                .putLong(ping.length).putInt(0).array();
        client.send(head).send(ping);
        assertEquals("{\"type\":\"pong\",\"id\":\"1\"}", client.readText());
    }

    @Test
    @Tag("W32")
    void aDeclaredLengthBeyondAllSenseIsRefusedWithoutWaiting() throws IOException {
        for (long length : List.of(-1L, Long.MAX_VALUE, (long) Integer.MAX_VALUE)) {
            try (RawClient raw = running.connect("bob")) {
                raw.send(new byte[]{(byte) 0x81, (byte) (0x80 | 127)});
                raw.send(ByteBuffer.allocate(8).putLong(length).array());
                raw.send(new byte[]{1, 2, 3, 4});
                byte[] much = new byte[64 << 10];
                boolean cut = false;
                for (int i = 0; i < 64 && !cut; i++) {
                    try {
                        raw.send(much);
                    } catch (IOException e) {
                        cut = true;
                    }
                }
                Optional<RawClient.Frame> close = raw.readClose();
                assertTrue(cut || close.isPresent(), "length " + length);
            }
        }
    }

    @Test
    @Tag("W37")
    void aMessageAtItsLimitIsReadAndOneByteMoreIsTooBig() throws IOException {
        int limit = 512 << 10;
        client.text("{\"type\":\"ping\",\"id\":\"1\"}" + " ".repeat(limit - 24));
        assertEquals("{\"type\":\"pong\",\"id\":\"1\"}", client.readText());
        client.text("{\"type\":\"ping\",\"id\":\"1\"}" + " ".repeat(limit - 23));
        assertEquals("close 1009 too big", client.readClose().orElseThrow().toString());
    }

    @Test
    @Tag("W31")
    void fragmentsArePutTogetherAlsoWithinACharacterAndAroundAPing() throws IOException {
        byte[] whole = "{\"type\":\"ping\",\"id\":\"\u00e9\ud83d\ude00\"}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < whole.length; i++) {
            int first = (i == whole.length - 1 ? LAST : 0) | (i == 0 ? 1 : 0);
            client.frame(first, new byte[]{whole[i]});
            if (i == 5) {
                client.frame(LAST | RawClient.PING, new byte[]{42});
            }
        }
        RawClient.Frame pong = client.readFrame();
        assertEquals(RawClient.PONG, pong.opcode());
        assertEquals(42, pong.payload().get(0));
        assertEquals("{\"type\":\"pong\",\"id\":\"\u00e9\ud83d\ude00\"}", client.readText());
    }

    @Test
    @Tag("W34")
    @Tag("W35")
    void asManyFragmentsAsAllowedAreReadAndOneMoreIsTooBig() throws IOException {
        byte[] whole = "{\"type\":\"ping\",\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8);
        client.frame(1, whole);
        for (int i = 0; i < 1_022; i++) {
            client.frame(0, NOTHING);
        }
        client.frame(LAST, NOTHING);
        assertEquals("{\"type\":\"pong\",\"id\":\"1\"}", client.readText());
        client.frame(1, whole);
        for (int i = 0; i < 1_023; i++) {
            client.frame(0, NOTHING);
        }
        client.frame(LAST, NOTHING);
        assertEquals("close 1009 too big", client.readClose().orElseThrow().toString());
    }

    @Test
    @Tag("W36")
    void aFragmentedMessageThatNeverEndsIsTooBig() throws IOException {
        byte[] part = new byte[32 << 10];
        client.frame(1, part);
        for (int i = 0; i < 16; i++) {
            client.frame(0, part);
        }
        assertEquals("close 1009 too big", client.readClose().orElseThrow().toString());
    }

    @Test
    @Tag("W31")
    void whatIsNotUtf8IsInvalidText() throws IOException {
        for (byte[] bytes : List.of(
                new byte[]{'"', (byte) 0xc3, '"'},
                new byte[]{(byte) 0xc0, (byte) 0x80},
                new byte[]{(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[]{(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                new byte[]{(byte) 0xff})) {
            closedAs(1007, raw -> raw.frame(LAST | 1, bytes));
        }
    }

    @Test
    @Tag("W44")
    void binaryIsRefused() throws IOException {
        client.frame(LAST | 2, new byte[]{1});
        assertEquals("close 1003 text only", client.readClose().orElseThrow().toString());
    }

    @Test
    void pingsAreAnsweredWithTheirContent() throws IOException {
        client.frame(LAST | RawClient.PING, new byte[125]);
        RawClient.Frame pong = client.readFrame();
        assertEquals(RawClient.PONG, pong.opcode());
        assertEquals(125, pong.payload().remaining());
    }

    @Test
    @Tag("W39")
    void aFloodOfPingsOrPongsEndsTheConnection() throws IOException {
        closedAs(1008, raw -> {
            for (int i = 0; i < 200; i++) {
                raw.frame(LAST | RawClient.PING, NOTHING);
            }
        });
        closedAs(1008, raw -> {
            for (int i = 0; i < 200; i++) {
                raw.frame(LAST | RawClient.PONG, NOTHING);
            }
        });
        closedAs(1008, raw -> {
            for (int i = 0; i < 200; i++) {
                raw.text("{\"type\":\"ping\",\"id\":\"1\"}");
            }
        });
    }

    @Test
    @Tag("W41")
    void aCloseIsAnsweredWithoutThePeersOwnWordsAndNothingAfterItCounts() throws IOException {
        client.frame(LAST | RawClient.CLOSE, closeBody(1000, "my own words"));
        try {
            client.text("{\"type\":\"run.cancel\",\"id\":\"1\",\"run\":\"r1\"}");
        } catch (IOException e) {
            // The server may have ended the stream already.
            assertTrue(client.isAtEnd());
            return;
        }
        RawClient.Frame close = client.readClose().orElseThrow();
        assertEquals("close 1000 ", close.toString());
        assertEquals(List.of(), running.directory.user("ada").calls);
    }

    @Test
    void aCloseWithoutACodeIsAnsweredWithoutACode() throws IOException {
        client.frame(LAST | RawClient.CLOSE, NOTHING);
        assertEquals("close 1005 ", client.readClose().orElseThrow().toString());
    }

    @Test
    @Tag("W42")
    void aSocketThatIsResetInTheMiddleOfAFrameGivesEverythingBack() throws IOException {
        client.send(new byte[]{(byte) 0x81, (byte) 0xfe, 0, 100, 1, 2});
        client.socket.setSoLinger(true, 0);
        client.close();
        running.awaitEmpty();
    }

    @Test
    @Tag("W42")
    void aSocketThatIsHalfClosedGivesEverythingBack() throws IOException {
        client.socket.shutdownOutput();
        running.awaitEmpty();
    }

    interface Sending {
        void to(RawClient raw) throws IOException;
    }

    private void closedAs(int code, Sending sending) throws IOException {
        try (RawClient raw = running.connect("bob")) {
            try {
                sending.to(raw);
            } catch (IOException e) {
                // The server closed before all was sent; what it said first is still to be read.
                assertTrue(code == 1008, e.toString());
            }
            Optional<RawClient.Frame> close = raw.readClose();
            assertTrue(close.isPresent() || code == 1008, "no close frame where " + code + " was expected");
            close.ifPresent(frame -> assertEquals(code, frame.closeCode(), frame.toString()));
        }
    }

    private static byte[] closeBody(int code, String reason) {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array();
    }
}
