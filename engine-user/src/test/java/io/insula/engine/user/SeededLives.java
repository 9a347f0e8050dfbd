package io.insula.engine.user;

import java.util.function.LongFunction;

/** Lives one world for each seed; made by {@link WovenClasses}, so that every one of its threads can be interrupted. */
final class SeededLives implements LongFunction<String> {
    private static final int MOST_ATTEMPTS = 5;

    /** Returns what stands for the order of everything in it, the same whenever it is asked. */
    @Override
    public String apply(long seed) {
        for (int attempt = 1;; attempt++) {
            SeededWorld world = new SeededWorld(seed);
            String order;
            try {
                order = Long.toHexString(world.live());
            } catch (AssertionError broken) {
                throw new AssertionError("seed " + seed + " (" + world + "): " + broken.getMessage(), broken);
            }
            if (!world.wasDisturbed() || attempt == MOST_ATTEMPTS) {
                return order + " " + world.turns() + (world.wasDisturbed() ? " disturbed" : "");
            }
        }
    }
}
