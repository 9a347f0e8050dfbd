/**
 * From a file in the plugins folder to an agent for one run.
 *
 * <p>The way of a plugin: {@code WatchedFolder} sees its file; {@code PluginIntake} takes a private, checked copy;
 * {@code PluginDescription} reads what it says of itself; {@code SwapPlan} finds what is to be loaded next, with
 * {@code DependencyOrder}, which sorts it behind what it needs; {@code PluginModules} resolves its modules and
 * {@code PluginModuleLoader} shows it those and nothing else; {@code PluginContents} reads its agents and tools;
 * {@code PluginInjector} makes them; {@code PluginVersion} holds it all while somebody has a lease, and
 * {@code VersionEnd} unloads it afterwards.
 *
 * <p>Of PF4J we use the descriptor, the version rules, the dependency syntax and the extension index. Its plugin
 * manager is left out on purpose: one failing plugin aborts or stops the others there, and it knows a single version
 * per id, where ours must stay open until the last run of it has ended.
 *
 * <p>No lock is held here while code of a plugin runs: what is shared is an immutable snapshot or a counter.
 */
package io.insula.plugin.host;
