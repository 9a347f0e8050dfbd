package io.insula.app;

import io.insula.agent.UserStore;

abstract class Drawer implements UserStore {}
