package dev.qgjob.worker.run;

/** What the app is built for. */
public enum Platform {
  ANDROID,
  IOS
}
