package io.insula.plugin.host;

import io.insula.agent.hosting.RecordCodec;
import io.insula.agent.hosting.RecordMismatchException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The codec of one plugin version.
 *
 * <p>Beyond the types' own rules: a text has at most {@link PluginLimits#recordCharacters} characters and
 * {@link PluginLimits#recordDepth} levels, strings are well-formed Unicode, numbers are finite, and an empty
 * {@code Optional} is an absent member, never {@code null}.
 */
final class JsonRecordCodec implements RecordCodec {
    private static final Logger LOG = LoggerFactory.getLogger(JsonRecordCodec.class);

    private final String plugin;
    private final PluginLimits limits;
    private final RecordShapes shapes;

    JsonRecordCodec(String plugin, PluginLimits limits) {
        this.plugin = plugin;
        this.limits = limits;
        this.shapes = new RecordShapes(limits.recordComponents());
    }

    @Override
    public String encode(Record value) throws RecordMismatchException {
        var text = new BoundedText(limits.recordCharacters());
        try {
            // Not closed when something throws: closing would write on, and there is nothing to give back.
            var json = JsonFormat.writer(text);
            new RecordEncoder(shapes, json, limits.recordDepth()).write(value);
            json.close();
            return text.toString();
        } catch (BoundedText.TooLong e) {
            throw tooLong();
        } catch (RecordThrew e) {
            log(e.fault());
            throw e.place().mismatch("cannot be read: its record threw");
        } catch (RuntimeException | Error e) {
            // A list or map of the plugin threw while we went through it, or a class of it cannot be initialised.
            log(PluginFault.of(e));
            throw Place.WHOLE.mismatch("cannot be read: code of its plugin threw");
        }
    }

    @Override
    public <T extends Record> T decode(String json, Class<T> type) throws RecordMismatchException {
        if (json.length() > limits.recordCharacters()) {
            throw tooLong();
        }
        try (var parser = JsonFormat.reader(json)) {
            return new RecordDecoder(shapes, parser, limits.recordDepth()).read(type);
        } catch (JacksonException e) {
            // Its message would quote the text.
            var at = e.getLocation();
            throw Place.WHOLE.mismatch("is not JSON"
                    + (at == null ? "" : ": see line " + at.getLineNr() + ", column " + at.getColumnNr()));
        } catch (RecordThrew e) {
            log(e.fault());
            throw e.place().mismatch("is refused by its record");
        } catch (RuntimeException | Error e) {
            log(PluginFault.of(e));
            throw Place.WHOLE.mismatch("cannot be made: code of its plugin threw");
        }
    }

    /** The JSON schema of a record type, as JSON text. */
    String schema(Class<? extends Record> type) throws RecordMismatchException {
        var text = new BoundedText(limits.recordCharacters());
        try (var json = JsonFormat.writer(text)) {
            new RecordSchema(shapes, json).write(type);
        } catch (BoundedText.TooLong e) {
            throw new RecordMismatchException("The schema of " + type.getName() + " is longer than "
                    + limits.recordCharacters() + " characters.");
        }
        return text.toString();
    }

    /** Checks that a type is supported, with all that it holds. */
    void check(Class<? extends Record> type) throws RecordMismatchException {
        shapes.of(type);
    }

    private RecordMismatchException tooLong() {
        return Place.WHOLE.mismatch("is longer than " + limits.recordCharacters() + " characters");
    }

    private void log(PluginFault fault) {
        LOG.warn("plugin threw in a record plugin={} thrown={}", plugin, fault.details());
    }
}
