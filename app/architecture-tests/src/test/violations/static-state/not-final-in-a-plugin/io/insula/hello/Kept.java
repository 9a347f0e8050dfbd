package io.insula.hello;

final class Kept {
    static int count;
}
