package dev.qgjob.domain.access;

/** A token's text, told once, and what it stands for. */
public record IssuedToken(String text, TokenInfo info) {}
