package dev.qgjob.simfarm.uiautomator;

import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.screen.RunningApp;

/** Keys pressed on a phone: text goes to the focused node, a few keys do what they say. */
final class Keyboard {
  private static final int HOME = 3;
  private static final int BACK = 4;
  private static final int DEL = 67;

  /** WebDriver's code point for the backspace key. */
  private static final char BACKSPACE = '\uE003';

  private final Phone phone;

  Keyboard(Phone phone) {
    this.phone = phone;
  }

  void press(int keyCode) {
    switch (keyCode) {
      case HOME -> phone.act(app -> RunningApp.Outcome.LEFT);
      case BACK -> phone.act(RunningApp::back);
      case DEL -> type(String.valueOf(BACKSPACE));
      default -> {
        // every other key is pressed without effect
      }
    }
  }

  void type(String text) {
    phone.act(
        app -> {
          app.focus().ifPresent(node -> app.type(node, edited(app.textOf(node), text)));
          return RunningApp.Outcome.GOES_ON;
        });
  }

  private static String edited(String before, String keys) {
    StringBuilder text = new StringBuilder(before);
    for (int i = 0; i < keys.length(); i++) {
      char c = keys.charAt(i);
      if (c == BACKSPACE) {
        text.setLength(Math.max(0, text.length() - 1));
      } else if (c < '\uE000' || c > '\uF8FF') {
        text.append(c);
      }
    }
    return text.toString();
  }
}
