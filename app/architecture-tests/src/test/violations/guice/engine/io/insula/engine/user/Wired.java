package io.insula.engine.user;

import com.google.inject.Inject;

final class Wired {
    @Inject
    Wired() {}
}
