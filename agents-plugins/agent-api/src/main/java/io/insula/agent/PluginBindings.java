package io.insula.agent;

/**
 * Tells the platform which class of the plugin stands behind an interface that constructors of the plugin ask for.
 *
 * <p>Optional, at most one per plugin, carrying PF4J's {@code @Extension}, with a constructor without parameters.
 * Concrete classes with an {@code @Inject} constructor need no binding.
 *
 * <pre>{@code
 * @Extension
 * public final class Bindings implements PluginBindings {
 *     @Override
 *     public void configure(Binder binder) {
 *         binder.bind(PriceTable.class, ListPrices.class);
 *     }
 * }
 * }</pre>
 */
public interface PluginBindings {
    /**
     * Names the bindings. Called once, when the plugin is started.
     *
     * @param binder usable during this call only; never {@code null}
     */
    void configure(Binder binder);

    /** Collects the bindings of one plugin. */
    interface Binder {
        /**
         * Makes a new {@code implementation} for each place that asks for {@code type}.
         *
         * @throws IllegalArgumentException if a class is not the plugin's own, or the type is bound already
         */
        <T> void bind(Class<T> type, Class<? extends T> implementation);

        /**
         * Makes one {@code implementation} for the plugin. It is shared by all users, so it must hold no state of any.
         *
         * @throws IllegalArgumentException if a class is not the plugin's own, or the type is bound already
         */
        <T> void bindShared(Class<T> type, Class<? extends T> implementation);
    }
}
