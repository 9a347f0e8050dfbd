package io.insula.plugin.host;

import java.nio.file.Path;

/**
 * Where a {@link PluginHost} works and what it allows.
 *
 * @param pluginsFolder where the operator puts plugins; read only, and may be missing
 * @param workFolder where the host keeps its private copies; made if missing, and <strong>emptied at start</strong>, so
 *     nothing else may live in it
 * @param platformVersion what a plugin's {@code Plugin-Requires} is compared with, such as {@code 0.1.0}
 * @param limits how much a plugin may ask
 * @param grants what the operator allows to single files beyond the rules
 */
public record PluginHostSettings(Path pluginsFolder, Path workFolder, String platformVersion, PluginLimits limits,
        PluginGrants grants) {}
