package io.insula.engine.user;

/** Which version of which plugin a run was begun with. */
record PluginVersion(String plugin, String version) {}
