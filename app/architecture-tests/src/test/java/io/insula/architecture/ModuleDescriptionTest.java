package io.insula.architecture;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each module exports, opens and requires is written down, and changes only on purpose. */
class ModuleDescriptionTest {
    private static final Path GOLDEN = Shipped.ROOT.resolve("app/architecture-tests/src/test/resources/modules");
    private static final Map<String, Set<String>> TABLE =
            Shipped.MODULES.stream().collect(toMap(Shipped.Shipment::name, Shipped.Shipment::uses));

    static List<String> modules() {
        return Shipped.MODULES.stream().map(Shipped.Shipment::name).toList();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void isExactlyAsWrittenDown(String module) throws IOException {
        var golden = GOLDEN.resolve(module + ".txt");
        var now = ModuleRules.describe(Shipped.descriptors().get(module));

        assertEquals(Files.exists(golden) ? Files.readString(golden) : "", now,
                () -> "The module " + module + " is not what " + Shipped.ROOT.relativize(golden)
                        + " says. Think first about who "
                        + "sees more than before; if it is meant, write this into the file by hand:\n" + now);
    }

    @Test
    void aModuleThatShowsMoreThanIsWrittenDownIsNoticed() {
        var before = ModuleDescriptor.newModule("m").requires("a").exports("p", Set.of("x")).build();
        var others = List.of(
                ModuleDescriptor.newModule("m").requires("a").exports("p").build(),
                ModuleDescriptor.newModule("m").requires("a").exports("p", Set.of("x", "y")).build(),
                ModuleDescriptor.newModule("m").requires("a").requires("b").exports("p", Set.of("x")).build(),
                ModuleDescriptor.newModule("m").requires(Set.of(Requires.Modifier.TRANSITIVE), "a")
                        .exports("p", Set.of("x")).build(),
                ModuleDescriptor.newModule("m").requires("a").exports("p", Set.of("x")).opens("p", Set.of("x")).build(),
                ModuleDescriptor.newModule("m").requires("a").exports("p", Set.of("x")).uses("p.Service").build());

        assertEquals("module m\nexports p to x\nrequires a\n", ModuleRules.describe(before));
        for (var other : others) {
            org.junit.jupiter.api.Assertions.assertNotEquals(ModuleRules.describe(before), ModuleRules.describe(other));
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void hasNoDoorToHiddenCode(String module) {
        assertEquals(List.of(), ModuleRules.doors(Shipped.descriptors().get(module)));
    }

    @Test
    void everyDoorToHiddenCodeIsNoticed() {
        assertEquals(List.of("m is an open module"), ModuleRules.doors(ModuleDescriptor.newOpenModule("m").build()));
        assertEquals(List.of("m opens p to everybody"),
                ModuleRules.doors(ModuleDescriptor.newModule("m").opens("p").build()));
        assertEquals(List.of("m provides p.S"),
                ModuleRules.doors(
                        ModuleDescriptor.newModule("m").packages(Set.of("p")).provides("p.S", List.of("p.T")).build()));
        assertEquals(List.of("m uses p.S"), ModuleRules.doors(ModuleDescriptor.newModule("m").uses("p.S").build()));
        assertEquals(List.of(), ModuleRules.doors(ModuleDescriptor.newModule("m").opens("p", Set.of("x")).build()));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void requiresOnlyWhatTheTableAllows(String module) {
        assertEquals(List.of(), ModuleRules.against(TABLE, Shipped.descriptors().get(module)));
    }

    @Test
    void aModuleThatRequiresAgainstTheTableIsNoticed() {
        var upwards = ModuleDescriptor.newModule(Shipped.ENGINE_API).requires(Shipped.ENGINE_USER).build();

        assertEquals(List.of(Shipped.ENGINE_API + " requires " + Shipped.ENGINE_USER),
                ModuleRules.against(TABLE, upwards));
    }

    @Test
    void theTransportReachesNothingThatMakesAgents() {
        assertEquals(List.of(), ModuleRules.reachedByTransport(Shipped.descriptors(), Shipped.TRANSPORT));
    }

    @Test
    void aModuleThatHandsOnWhatMakesAgentsIsNoticed() {
        var api = ModuleDescriptor.newModule("api").requires(Set.of(Requires.Modifier.TRANSITIVE), Shipped.HOSTING)
                .build();
        var hidden = ModuleDescriptor.newModule("hidden").requires(Shipped.HOSTING).build();

        assertEquals(List.of(Shipped.HOSTING), ModuleRules.reachedByTransport(
                Map.of("api", api, "t", ModuleDescriptor.newModule("t").requires("api").build()), "t"));
        assertEquals(List.of(Shipped.HOSTING), ModuleRules.reachedByTransport(
                Map.of("t", ModuleDescriptor.newModule("t").requires(Shipped.HOSTING).build()), "t"));
        assertEquals(List.of(), ModuleRules.reachedByTransport(
                Map.of("hidden", hidden, "t", ModuleDescriptor.newModule("t").requires("hidden").build()), "t"));
    }
}
