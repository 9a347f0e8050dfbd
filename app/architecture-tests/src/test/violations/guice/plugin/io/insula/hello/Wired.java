package io.insula.hello;

import com.google.inject.Injector;

final class Wired {
    Injector injector;
}
