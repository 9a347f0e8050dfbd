package io.insula.plugin.host;

/** Code of a plugin threw while a record of it was read or made. */
final class RecordThrew extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Place place;
    private final transient PluginFault fault;

    RecordThrew(Place place, PluginFault fault) {
        super("code of a record threw", null, false, false);
        this.place = place;
        this.fault = fault;
    }

    Place place() {
        return place;
    }

    PluginFault fault() {
        return fault;
    }
}
