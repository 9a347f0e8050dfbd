package io.insula.plugin.host;

import io.insula.agent.rules.Capability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the operator allows to single files of plugins beyond the rules.
 *
 * @param entries the grants, at most {@value #MOST_ENTRIES}; several for one file add up
 */
public record PluginGrants(List<PluginGrants.Grant> entries) {
    /** As many grants can be written down. */
    public static final int MOST_ENTRIES = 1_000;

    private static final String FORM =
            "must be grants such as my-plugin:SHA256:network-client+files, separated by commas";

    /**
     * What one file may do.
     *
     * @param plugin the plugin's id
     * @param sha256 the digest of its file, as 64 lower case hexadecimal digits
     * @param capabilities what it may do, one or more
     */
    public record Grant(String plugin, String sha256, Set<Capability> capabilities) {
        private static final Pattern TEXT =
                Pattern.compile("([A-Za-z][A-Za-z0-9._-]{0,63}):([0-9a-f]{64}):([a-z+-]{1,200})");

        /** Copies the set. */
        public Grant {
            capabilities = Set.copyOf(capabilities);
        }

        /** As it stands in the configuration. */
        public String text() {
            return plugin + ":" + sha256 + ":"
                    + capabilities.stream().map(Capability::id).sorted().collect(Collectors.joining("+"));
        }

        /**
         * Reads what {@link #text} gives.
         *
         * @throws IllegalArgumentException saying what is wrong
         */
        static Grant of(String text) {
            var matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(FORM);
            }
            var capabilities = EnumSet.noneOf(Capability.class);
            for (var word : matcher.group(3).split("\\+", -1)) {
                capabilities.add(Capability.of(word).orElseThrow(() -> new IllegalArgumentException(
                        "grants \"" + word + "\", which is none of " + String.join(", ", Capability.ids()))));
            }
            return new Grant(matcher.group(1), matcher.group(2), capabilities);
        }
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are too many
     */
    public PluginGrants {
        entries = List.copyOf(entries);
        if (entries.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException("must be at most " + MOST_ENTRIES + " grants");
        }
    }

    /** Nothing beyond the rules. */
    public static PluginGrants none() {
        return new PluginGrants(List.of());
    }

    /**
     * Reads grants separated by commas; nothing is no grant.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static PluginGrants of(String text) {
        var entries = new ArrayList<Grant>();
        for (var entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                entries.add(Grant.of(entry.strip()));
            }
        }
        return new PluginGrants(entries);
    }

    /** What a file may do. */
    Set<Capability> to(String plugin, String sha256) {
        return entries.stream().filter(entry -> entry.plugin().equals(plugin) && entry.sha256().equals(sha256))
                .flatMap(entry -> entry.capabilities().stream()).collect(Collectors.toUnmodifiableSet());
    }
}
