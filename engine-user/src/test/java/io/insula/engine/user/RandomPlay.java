package io.insula.engine.user;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Effect;
import io.insula.agent.MessageWriter;
import io.insula.agent.Outcome;
import io.insula.agent.Question;
import io.insula.agent.Tool;
import io.insula.agent.ToolCallException;
import io.insula.agent.ToolContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Agents that do what a seed says, always the same: they talk, think, ask, call tools and one another. Everything that
 * they show holds a mark of its own, so that what is missing or doubled can be told.
 */
final class RandomPlay {
    static final String AGENT = "level-0";

    private static final int LEVELS = 3;

    /** How often each tool call that changes something was made, by mark and user. */
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();

    record Found(String text) {}

    /** Does something, and counts it. */
    private final class Counting implements Tool<Found, Found> {
        @Override
        public Found call(Found input, ToolContext context) {
            // Asks the context nothing: what a call does it does also in a process that is about to end.
            effects.computeIfAbsent(input.text(), key -> new AtomicInteger()).incrementAndGet();
            return new Found("did " + input.text().substring(0, input.text().indexOf('@')));
        }
    }

    RandomPlay(FakeCatalog catalog) {
        for (Effect effect : Effect.values()) {
            @SuppressWarnings({"unchecked", "rawtypes"}) // one class has three names
            Class<? extends Tool<Found, Found>> type = (Class) Counting.class;
            catalog.addTool(effect.name(), effect, type, Found.class, Found.class, new Counting());
        }
        for (int level = 0; level < LEVELS; level++) {
            int below = level + 1;
            catalog.addResumable("level-" + level, context -> {
                String input = context.input().text();
                int slash = input.indexOf('/');
                Part part = new Part(context, input.substring(slash), below, Long.parseLong(input.substring(0, slash)));
                part.play(3 + part.random.nextInt(3), 0);
                return AgentResult.of(new Found(part.found.toString()));
            });
        }
    }

    /** The most that any call that changes something was made. */
    int mostEffects() {
        return effects.entrySet().stream()
                .filter(call -> !call.getKey().contains(Effect.READS.name()))
                .mapToInt(call -> call.getValue().get())
                .max()
                .orElse(0);
    }

    /** One agent's part of a play. */
    private static final class Part {
        private final AgentContext context;
        private final String place;
        private final int below;
        private final long seed;
        private final Random random;
        private final StringBuilder found = new StringBuilder();
        private int marks;

        Part(AgentContext context, String place, int below, long seed) {
            this.context = context;
            this.place = place;
            this.below = below;
            this.seed = seed;
            this.random = new Random(seed * 31 + place.hashCode());
        }

        private String mark() {
            return "<" + place + "." + ++marks + ">";
        }

        void play(int deeds, int depth) throws Exception {
            for (int i = 0; i < deeds; i++) {
                deed(depth);
            }
        }

        private void deed(int depth) throws Exception {
            switch (random.nextInt(11)) {
                case 0 -> context.say(mark());
                case 1 -> write();
                case 2 -> context.think(mark());
                case 3 -> context.progress(mark(), 1, 1);
                case 4 -> found.append(context.now());
                case 5 -> keep();
                case 6, 7 -> call(List.of(Effect.READS, Effect.WRITES, Effect.IRREVERSIBLE).get(random.nextInt(3)));
                case 8 -> found.append(context.ask(new Question.Approval(mark())));
                case 9 -> {
                    if (depth < 2) {
                        context.step(mark(), () -> play(1 + random.nextInt(2), depth + 1));
                    }
                }
                default -> delegate();
            }
        }

        private void write() {
            try (MessageWriter message = context.message()) {
                for (int i = 0; i < 4; i++) {
                    message.write(mark());
                }
            }
        }

        private void keep() throws Exception {
            String name = "count" + place.replace('/', '-');
            String before = context.store().get(name).orElse("0");
            context.store().put(name, before + "+");
            found.append(before);
        }

        private void call(Effect effect) {
            String mark = effect.name() + mark();
            try {
                found.append(context.call(
                        effect.name(), "{\"text\":\"" + mark + "@" + context.user().subject() + "\"}"));
            } catch (ToolCallException interrupted) {
                // It has been called, and what it gives is known.
                found.append("{\"text\":\"did ").append(mark).append("\"}");
            }
        }

        private void delegate() {
            if (below >= LEVELS) {
                return;
            }
            List<Delegation<Found>> work = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                work.add(Delegation.to("level-" + below, Found.class).withText(seed + place + "/" + ++marks));
            }
            if (work.size() == 1) {
                add(context.delegate(work.getFirst()));
            } else {
                context.delegateAll(work).forEach(this::add);
            }
        }

        private void add(Outcome<Found> outcome) {
            switch (outcome) {
                case Outcome.Completed(Found result) -> found.append(result.text());
                case Outcome.Failed(var code, var message) -> found.append(code).append(message);
            }
        }
    }
}
