package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile plugins against the packaged application: what its gate says of them, and what holds in the same application
 * without its gate, where another user works beside the attacker.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksIT {
    private static final Pattern REFUSED = Pattern.compile("plugin not loaded file=(\\S+)\\.jar .*? problem=(.*)");
    private static final List<Attack> SPOILING = AttacksOnTheProcess.thatSpoil();
    private static final List<Attack> ENDING = AttacksOnTheProcess.thatEnd();

    private final AttackTable table = new AttackTable();
    private String framesOfOther = "";
    private String framesOfAttacker = "";
    private String log = "";

    private static Map<String, List<Attack>> groups() {
        var groups = new LinkedHashMap<String, List<Attack>>();
        groups.put("Seeing what is hidden", AttacksOnClasses.all());
        groups.put("Leaving something for the next user's run", AttacksOnUsers.ofStateLeftBehind());
        groups.put("Reaching another run", AttacksOnUsers.ofRuns());
        groups.put("By what plugins are given", AttacksOnUsers.ofTheInterface());
        groups.put("Leaving Java", AttacksOnTheProcess.ofNativeCode());
        groups.put("The machine, and what the process has once", AttacksOnTheProcess.ofTheMachine());
        groups.put("Spoiling the process",
                Stream.of(SPOILING, ENDING).flatMap(List::stream).toList());
        return groups;
    }

    private static List<Attack> all() {
        return groups().values().stream().flatMap(List::stream).toList();
    }

    @BeforeAll
    void tryAll(@TempDir Path folder) throws Exception {
        var plain = Installation.withPlugins(folder.resolve("plain"), List.of());
        var jars = AttackPlugins.jars(Stream.concat(all().stream(), Stream.of(AttacksOnTheProcess.vault())).toList(),
                plain, folder);
        var gate = AttackPlugins.openGate(plain, folder);
        tryTheGate(installation(folder.resolve("gated"), jars));
        tryBesideAnother(withoutGate(folder.resolve("quiet"), jars, gate), ENDING.get(0));
        trySpoiling(withoutGate(folder.resolve("spoiled"), jars, gate), ENDING.get(1));
    }

    private static Installation installation(Path folder, Path jars) throws IOException {
        var installation = Installation.withPlugins(folder, List.of("hello", "cost-advisor"));
        try (var files = Files.list(jars)) {
            for (var jar : files.toList()) {
                Files.copy(jar, installation.plugins().resolve(jar.getFileName()));
            }
        }
        return installation;
    }

    private static Installation withoutGate(Path folder, Path jars, Path gate) throws IOException {
        var installation = installation(folder, jars);
        AttackPlugins.replaceGate(installation, gate);
        return installation;
    }

    private void tryTheGate(Installation installation) throws IOException {
        try (var app = PackagedApp.start(installation); var user = app.user("other")) {
            var refusals = new TreeMap<String, String>();
            REFUSED.matcher(app.output()).results().forEach(each -> refusals.put(each.group(1), each.group(2)));
            var agents = agents(user);
            all().forEach(attack -> table.judge(attack.id(),
                    refusals.getOrDefault(attack.id(), agents.contains(attack.id()) ? "" : "is not there")));
            assertTrue(agents.containsAll(List.of("hello", "cost-advisor", "vault")), agents::toString);
        }
    }

    private void tryBesideAnother(Installation installation, Attack last) throws Exception {
        try (var app = PackagedApp.start(installation);
                var other = app.user("other");
                var attacker = app.user("attacker")) {
            var file = Upload.of(app, app.token("other"), "secret.txt", "secret".getBytes(StandardCharsets.UTF_8));
            var kept = other.start("vault", "keep this");
            awaitEndOrQuestion(other, kept.run());
            for (var attack : all()) {
                if (!SPOILING.contains(attack) && !ENDING.contains(attack)) {
                    table.see(attack.id(), tryOne(attack, other, attacker, "attacker " + file));
                }
            }
            answer(other, kept.run());
            assertSuccess(other.awaitEnd(kept.run()));
            framesOfOther = String.join("\n", other.frames());
            framesOfAttacker = String.join("\n", attacker.frames());
            log = app.output();
            end(app, attacker, last);
        }
    }

    private void trySpoiling(Installation installation, Attack last) throws Exception {
        try (var app = PackagedApp.start(installation); var attacker = app.user("attacker")) {
            for (var attack : SPOILING) {
                var seen = endOf(attacker.start(attack.id(), "attacker").run(), attacker);
                table.see(attack.id(),
                        seen + ", and then another user " + (isServed(app) ? "is served" : "is not served"));
            }
            end(app, attacker, last);
        }
    }

    private void end(PackagedApp app, InsulaClient attacker, Attack last) throws InterruptedException {
        attacker.send(attacker.run(last.id(), "attacker", "last"));
        table.see(last.id(), "the process ends with status " + app.awaitExit());
    }

    private static boolean isServed(PackagedApp app) {
        try (var other = app.user("other")) {
            return other.awaitEnd(other.start("hello", "Ada").run()).type().equals("RUN_FINISHED");
        } catch (RuntimeException | AssertionError refused) {
            System.out.println("another user is not served: " + refused);
            return false;
        }
    }

    private static String tryOne(Attack attack, InsulaClient other, InsulaClient attacker, String input) {
        if (!agents(attacker).contains(attack.id())) {
            return "is not loaded";
        }
        var victim = attack.trust() == Attack.Trust.ANOTHER_USER
                ? List.of(other.start(attack.id(), "words of another user"))
                : List.<InsulaClient.Started>of();
        victim.forEach(run -> awaitEndOrQuestion(other, run.run()));
        var run = attacker.start(attack.id(), input).run();
        if (awaitEndOrQuestion(attacker, run).isCustom("insula.question")) {
            assertSuccess(other.awaitEnd(other.start("hello", "Ada").run()));
            answer(attacker, run);
        }
        var seen = endOf(run, attacker);
        victim.stream().filter(each -> other.events(each.run()).stream().noneMatch(ReceivedEvent::isTerminal))
                .forEach(each -> other.cancel(each.run()));
        assertSuccess(other.awaitEnd(other.start("hello", "Ada").run()));
        return seen;
    }

    private static String endOf(String run, InsulaClient attacker) {
        var end = attacker.awaitEnd(run);
        return end.type().equals("RUN_FINISHED") ? attacker.said(run) : end.text("code");
    }

    private static ReceivedEvent awaitEndOrQuestion(InsulaClient user, String run) {
        return user.awaitEvent("the end or a question of " + run, event -> event.run().equals(run)
                && (event.isTerminal() || event.isCustom("insula.question")));
    }

    private static void answer(InsulaClient user, String run) {
        user.succeed(user.answer(run, user.awaitQuestion(run)).put("answer", "go on"));
    }

    private static Set<String> agents(InsulaClient user) {
        var names = new TreeSet<String>();
        user.welcome().path("agents").forEach(agent -> names.add(agent.path("name").asString()));
        return names;
    }

    private static Map<String, String> each(Function<Attack, String> of) {
        var values = new TreeMap<String, String>();
        all().forEach(attack -> values.put(attack.id(), of.apply(attack)));
        return values;
    }

    @Test
    void theGateRefusesEachAttackByItsRuleAndAdmitsWhatPluginsAreGiven() {
        assertEquals(lines(each(attack -> attack.rules().isEmpty() ? "admits it"
                : "refuses it: `" + String.join("`, `", attack.rules()) + "`")), lines(each(table::judged)));
    }

    @Test
    void withoutTheGateEachAttackerSeesWhatIsWrittenDown() {
        assertEquals(lines(each(Attack::seen)), lines(new TreeMap<>(table.seen())));
    }

    private static String lines(Map<String, String> map) {
        var text = new StringBuilder();
        map.forEach((id, value) -> text.append(id).append(": ").append(value).append('\n'));
        return text.toString();
    }

    @Test
    void theOtherUserSeesNothingOfTheAttackerNorTheAttackerWhatIsKeptForTheOther() {
        assertTrue(framesOfOther.contains("keep this"), framesOfOther);
        for (var words : List.of("attacker", "RUN_FINISHED\\\"", "said by another", "said too late")) {
            assertFalse(framesOfOther.contains(words), words);
        }
        assertTrue(framesOfAttacker.contains("forged-events"), framesOfAttacker);
        for (var words : List.of("kept by another user", "said too late", "said by another", "said from elsewhere",
                "said after the end", "said from the pool", "thrown by a plugin")) {
            assertFalse(framesOfAttacker.contains(words), words);
        }
    }

    @Test
    void theLogTellsWhatPluginsLogAndThrowWithoutLinesThatTheyForged() {
        assertTrue(log.contains("a forged line") && log.contains("thrown by a plugin"), log);
        assertEquals(List.of(), log.lines().filter(line -> line.startsWith("2026-01-01")).toList());
        assertEquals(List.of("plugin.forged-source/io.insula.app.Platform - said by a plugin"), log.lines()
                .filter(line -> line.endsWith("said by a plugin")).map(line -> line.replaceFirst(".* WARN ", ""))
                .toList());
    }

    @Test
    void noAttackGetsThroughGateAndBarrierBoth() {
        assertEquals(List.of(), all().stream()
                .filter(attack -> attack.rules().isEmpty() && attack.barrier() == Attack.Barrier.OPEN).map(Attack::id)
                .toList());
    }

    @Test
    void theDocumentationHoldsTheTables() throws IOException {
        table.compareWithDocumentation(groups());
    }
}
